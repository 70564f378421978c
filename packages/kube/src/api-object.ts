import { KubernetesResponseError } from './errors.js';
import { isRecord, type JsonRecord } from './json.js';
import type { KubernetesObject } from './kubernetes-object.js';
import { apiVersionOf, type ResourceKind } from './resource-kind.js';

/** One page of a list. */
export interface ObjectList<T extends KubernetesObject> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Present when there are more pages. */
  readonly continueToken?: string;
}

/**
 * Checks what every reader relies on, `metadata.name`, stamps apiVersion and kind (a list leaves them out) and drops
 * `managedFields`, which are often most of an object and which no reader wants. Changes `value`, which nobody else has.
 *
 * @throws KubernetesResponseError naming the field
 */
export function readObject<T extends KubernetesObject>(kind: ResourceKind<T>, value: unknown, path: string): T {
  if (!isRecord(value)) throw new KubernetesResponseError(`${path}: an object of kind ${kind.kind} was expected`);
  const metadata = value.metadata;
  if (!isRecord(metadata)) throw new KubernetesResponseError(`${path}.metadata: is missing`);
  if (typeof metadata.name !== 'string' || metadata.name === '') {
    throw new KubernetesResponseError(`${path}.metadata.name: is missing`);
  }
  delete metadata.managedFields;
  value.apiVersion = apiVersionOf(kind);
  value.kind = kind.kind;
  // The kind asked for is the kind that came; nothing but metadata is relied on without a look.
  return value as JsonRecord & T;
}

/** @throws KubernetesResponseError naming the field */
export function readList<T extends KubernetesObject>(kind: ResourceKind<T>, value: unknown): ObjectList<T> {
  const path = `list of ${kind.plural}`;
  if (!isRecord(value)) throw new KubernetesResponseError(`${path}: an object was expected`);
  const items = value.items ?? [];
  if (!Array.isArray(items)) throw new KubernetesResponseError(`${path}: items: an array was expected`);
  const resourceVersion = readResourceVersion(value, path);
  const metadata = value.metadata;
  const continueToken = isRecord(metadata) ? metadata.continue : undefined;
  return {
    items: items.map((item, index) => readObject(kind, item, `${path}: items[${index}]`)),
    resourceVersion,
    ...(typeof continueToken === 'string' && continueToken !== '' ? { continueToken } : {}),
  };
}

/** @throws KubernetesResponseError naming the field */
export function readResourceVersion(value: unknown, path: string): string {
  const metadata = isRecord(value) ? value.metadata : undefined;
  const resourceVersion = isRecord(metadata) ? metadata.resourceVersion : undefined;
  if (typeof resourceVersion === 'string' && resourceVersion !== '') return resourceVersion;
  throw new KubernetesResponseError(`${path}: metadata.resourceVersion: is missing`);
}
