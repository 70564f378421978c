import type { ResourceReference } from './api-client.js';

/** What the path of a request is about. */
export interface RequestTarget {
  readonly resource: ResourceReference;
  /** `''`: cluster-wide, or all namespaces. */
  readonly namespace: string;
  /** `''`: the collection. */
  readonly name: string;
  /** `''`: the object itself. */
  readonly subresource: string;
  /** The old form `/watch/` of a path. */
  readonly watch: boolean;
}

/**
 * `/api/v1/namespaces/default/pods/web/log` and its kind; undefined for a path that names no resource. A path below `/namespaces/NAME/`
 * is about a namespaced resource, except for the subresources of Namespace itself.
 */
export function parseTarget(path: string): RequestTarget | undefined {
  const segments = decodeSegments(path);
  if (segments === undefined) return undefined;
  const [root, ...below] = segments;
  const [group, version, ...rest] = root === 'api' ? ['', ...below] : root === 'apis' ? below : [];
  if (group === undefined || version === undefined) return undefined;
  const watch = rest[0] === 'watch';
  const parts = watch ? rest.slice(1) : rest;
  const inNamespace = parts[0] === 'namespaces' && parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2] ?? '');
  const namespace = inNamespace ? (parts[1] ?? '') : '';
  const [plural, name = '', subresource = '', ...tooMuch] = inNamespace ? parts.slice(2) : parts;
  if (plural === undefined || tooMuch.length > 0) return undefined;
  return { resource: { group, version, plural }, namespace, name, subresource, watch };
}

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['status', 'finalize']);

function decodeSegments(path: string): readonly string[] | undefined {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
