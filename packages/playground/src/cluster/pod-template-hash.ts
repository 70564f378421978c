import { isRecord } from '../api-server/api-object.js';
import type { PodTemplate } from './kinds/pod.js';

/** On the Pods, the selector and the name of each ReplicaSet of a Deployment. */
export const POD_TEMPLATE_HASH = 'pod-template-hash';

/** Letters and digits that make no words: `rand.SafeEncodeString` of apimachinery. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A name for a Pod template that looks as on a cluster (FNV-1a, 32 bit, in the safe alphabet). Equal templates get equal names, whatever the
 * order of their fields; `collisions` gives another name to a template whose name is taken.
 */
export function podTemplateHash(template: PodTemplate, collisions: number): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${canonical(template)}#${collisions}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    isRecord(field) ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1))) : field,
  );
}
