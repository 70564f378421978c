import { type ObjectKey, type ObjectMeta, objectKey } from '../kubernetes.js';

/**
 * Readers for objects of the API server. Their types are a promise that nobody keeps for us (an aggregated API, a
 * webhook or an old object may differ), so what comes of them is looked at before it is used.
 */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Elements of an array; none of anything else. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Not there, as far as the API is concerned. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** 1 to 65535. */
export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** Undefined for an object that has no name to be known by. */
export function keyOf(object: { readonly metadata: ObjectMeta }): ObjectKey | undefined {
  return textOf(recordOf(object.metadata)?.name) === undefined ? undefined : objectKey(object);
}
