import type { DeleteOptions, ListOptions, PatchOptions, WatchOptions, WriteOptions } from './api-client.js';
import { badRequest, invalid } from './api-error.js';
import { isRecord } from './api-object.js';

/** Characters, in kube-apiserver as well. */
const LONGEST_MANAGER = 128;

/** The options of a list, from the query. Throws an ApiError for a value that makes no sense. */
export function listOptions(query: URLSearchParams, namespace: string): ListOptions {
  const limit = integer(query, 'limit');
  const continueToken = query.get('continue');
  const match = query.get('resourceVersionMatch') ?? '';
  return {
    ...selection(query, namespace),
    ...(limit === undefined ? {} : { limit }),
    ...(continueToken === null ? {} : { continueToken }),
    ...(match === '' ? {} : { resourceVersionMatch: oneOf('resourceVersionMatch', match, ['Exact', 'NotOlderThan']) }),
  };
}

export function watchOptions(query: URLSearchParams, namespace: string): WatchOptions {
  const match = query.get('resourceVersionMatch') ?? '';
  const sendInitialEvents = boolean(query, 'sendInitialEvents');
  return {
    ...selection(query, namespace),
    ...(match === '' ? {} : { resourceVersionMatch: oneOf('resourceVersionMatch', match, ['NotOlderThan']) }),
    ...(sendInitialEvents === undefined ? {} : { sendInitialEvents }),
    allowWatchBookmarks: boolean(query, 'allowWatchBookmarks') ?? false,
  };
}

/** `timeoutSeconds`: how long a watch may take; undefined: the server's own limit. */
export function timeoutSeconds(query: URLSearchParams): number | undefined {
  const seconds = integer(query, 'timeoutSeconds');
  return seconds === 0 ? undefined : seconds;
}

/** `userAgent` as in {@link writeOptions}; none for an apply, which has to name its manager. */
export function patchOptions(
  query: URLSearchParams,
  subresource: WriteOptions['subresource'],
  userAgent?: string,
): PatchOptions {
  const force = boolean(query, 'force');
  return { ...writeOptions(query, subresource, userAgent), ...(force === undefined ? {} : { force }) };
}

/** Who names no manager is recorded by the first part of its User-Agent header, e.g. `kubectl`, as in kube-apiserver. */
export function writeOptions(
  query: URLSearchParams,
  subresource: WriteOptions['subresource'],
  userAgent = '',
): WriteOptions {
  const fieldManager = query.get('fieldManager') || userAgent.slice(0, LONGEST_MANAGER).replace(/\/.*$/, '');
  const fieldValidation = query.get('fieldValidation') ?? '';
  return {
    dryRun: dryRun(query.getAll('dryRun')),
    ...(fieldManager === '' ? {} : { fieldManager }),
    ...(fieldValidation === ''
      ? {}
      : { fieldValidation: oneOf('fieldValidation', fieldValidation, ['Ignore', 'Warn', 'Strict']) }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** From the body (a DeleteOptions object) and the query; the body goes first, as in kube-apiserver. */
export function deleteOptions(query: URLSearchParams, body: unknown): DeleteOptions {
  if (body !== undefined && !isRecord(body)) throw badRequest('DeleteOptions must be an object');
  const sent: Readonly<Record<string, unknown>> = body ?? {};
  const grace = sent.gracePeriodSeconds ?? integer(query, 'gracePeriodSeconds');
  const orphan = sent.orphanDependents ?? boolean(query, 'orphanDependents');
  const policy = sent.propagationPolicy ?? query.get('propagationPolicy') ?? (orphan === true ? 'Orphan' : undefined);
  const preconditions = isRecord(sent.preconditions) ? sent.preconditions : {};
  const { uid, resourceVersion } = preconditions;
  if (grace !== undefined && grace !== null && !Number.isInteger(grace))
    throw badRequest('gracePeriodSeconds must be an integer');
  return {
    dryRun: dryRun(Array.isArray(sent.dryRun) ? sent.dryRun : query.getAll('dryRun')),
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(typeof policy === 'string' && policy !== ''
      ? { propagationPolicy: oneOf('propagationPolicy', policy, ['Orphan', 'Background', 'Foreground']) }
      : {}),
    preconditions: {
      ...(typeof uid === 'string' ? { uid } : {}),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    },
  };
}

export function boolean(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (text === '' || text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw badRequest(`${name}: ${JSON.stringify(text)} is neither true nor false`);
}

export function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^[0-9]{1,15}$/.test(text)) throw badRequest(`${name}: ${JSON.stringify(text)} is not a number`);
  return Number(text);
}

function selection(query: URLSearchParams, namespace: string) {
  return {
    namespace,
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
  };
}

function dryRun(values: readonly unknown[]): boolean {
  const other = values.find((value) => value !== '' && value !== 'All');
  if (other !== undefined) throw invalidOption('dryRun', other, ['All']);
  return values.includes('All');
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw invalidOption(name, value, allowed);
  return found;
}

function invalidOption(field: string, value: unknown, allowed: readonly string[]) {
  const supported = allowed.map((text) => JSON.stringify(text)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
  return invalid({ group: 'meta.k8s.io', kind: 'Options' }, '', [{ reason: 'FieldValueNotSupported', field, message }]);
}
