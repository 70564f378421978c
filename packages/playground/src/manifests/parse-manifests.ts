import { type Document, isMap, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { type ApiObject, isRecord } from '../api-server/index.js';
import { reasonOf } from '../playground-error.js';
import type { Manifest, ManifestProblem } from './manifest.js';
import { removedApi } from './removed-apis.js';

export interface ParsedFile {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly ManifestProblem[];
}

/** Reads the objects of one file: several documents, lists of objects, YAML or JSON. What can't be read is a problem; the rest is returned. */
export function parseManifests(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const manifests: Manifest[] = [];
  const problems: ManifestProblem[] = [];
  const documents = parseAllDocuments(text, { lineCounter: lines, merge: true, prettyErrors: false });
  for (const document of Array.isArray(documents) ? documents : []) {
    const [error] = document.errors;
    if (error !== undefined) {
      problems.push({ file, line: lines.linePos(error.pos[0]).line, reason: error.message });
      continue;
    }
    for (const { value, offset } of objectsOf(document)) {
      const line = lines.linePos(offset).line;
      const reason = 'reason' in value ? value.reason : problemOf(value.object);
      if (reason !== undefined) problems.push({ file, line, reason });
      // Its kind and its name have just been checked.
      else if ('object' in value) manifests.push({ file, line, object: value.object as ApiObject });
    }
  }
  return { manifests, problems };
}

interface Found {
  readonly value: { readonly object: unknown } | { readonly reason: string };
  readonly offset: number;
}

/** The objects of a document; those of a list one by one. */
function objectsOf(document: Document.Parsed): readonly Found[] {
  const { contents } = document;
  const offset = offsetOf(contents);
  try {
    const object: unknown = document.toJS();
    if (object === null) return [];
    if (!isRecord(object) || !isListKind(object)) return [{ value: { object }, offset }];
    const items = isMap(contents) ? contents.get('items', true) : undefined;
    const nodes = isSeq(items) ? items.items : [];
    return object.items.map((item: unknown, index) => ({
      value: { object: item },
      offset: offsetOf(nodes[index] as Node | undefined) || offset,
    }));
  } catch (error) {
    return [{ value: { reason: reasonOf(error) }, offset }];
  }
}

function isListKind(object: Record<string, unknown>): object is { items: unknown[] } {
  return typeof object.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items);
}

function offsetOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

/** Why this can't be applied at all; undefined when the API may be asked. */
function problemOf(object: unknown): string | undefined {
  if (!isRecord(object)) return 'a manifest is a mapping with apiVersion, kind and metadata';
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== 'string' || apiVersion === '') return 'apiVersion: required, e.g. networking.k8s.io/v1';
  if (typeof kind !== 'string' || kind === '') return 'kind: required, e.g. Ingress';
  const removed = removedApi(apiVersion, kind);
  if (removed !== undefined) return removed;
  if (!isRecord(metadata)) return 'metadata: required, with the name of the object';
  if (typeof metadata.name !== 'string' || metadata.name === '') {
    return 'metadata.name: required (generateName would make another object at each change)';
  }
  if (metadata.namespace !== undefined && typeof metadata.namespace !== 'string')
    return 'metadata.namespace: must be a string';
  return undefined;
}
