import { randomBytes } from 'node:crypto';
import type { KubernetesObject } from './kubernetes-object.js';
import type { EventNote } from './kubernetes-writer.js';
import { microTime } from './micro-time.js';
import { apiVersionOf, type ResourceKind } from './resource-kind.js';

/** Bytes; the limits of events.k8s.io/v1. */
const NOTE_LIMIT = 1024;
const WORD_LIMIT = 128;
/** Characters of an object's name: 253 less `.` and the sixteen digits that make an Event's name unique. */
const NAME_LIMIT = 236;

export interface Reporter {
  readonly controller: string;
  readonly instance: string;
}

/** An Event of events.k8s.io/v1 about an object; about a cluster-wide one it lives in the namespace `default`. */
export function clusterEvent(
  reporter: Reporter,
  kind: ResourceKind,
  { metadata }: KubernetesObject,
  note: EventNote,
  wallTime: number,
) {
  const { name, namespace = '', uid, resourceVersion } = metadata;
  const stem = name.slice(0, NAME_LIMIT).replace(/[^a-z0-9]+$/, '');
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {
      name: `${stem}.${randomBytes(8).toString('hex')}`,
      namespace: namespace === '' ? 'default' : namespace,
    },
    eventTime: microTime(wallTime),
    reportingController: reporter.controller,
    reportingInstance: cut(reporter.instance, WORD_LIMIT),
    type: note.type,
    reason: cut(note.reason, WORD_LIMIT),
    action: cut(note.action, WORD_LIMIT),
    note: cut(note.note, NOTE_LIMIT),
    regarding: { apiVersion: apiVersionOf(kind), kind: kind.kind, namespace, name, uid, resourceVersion },
  };
}

/** The longest beginning that fits into `limit` bytes of UTF-8, ending in an ellipsis where something is missing. */
export function cut(text: string, limit: number): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= limit) return text;
  const ellipsis = '…';
  let end = limit - Buffer.byteLength(ellipsis);
  // Bytes that continue a character start with the bits 10.
  while (end > 0 && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
  return bytes.toString('utf8', 0, end) + ellipsis;
}
