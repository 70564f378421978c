import type { L7Policy } from './model.js';
import { type HostForm, type PathForm, readHostRule, readPathRule } from './rule-forms.js';

/**
 * What every request that a policy matches has in common, as far as its rules are of our forms ({@link readHostRule},
 * {@link readPathRule}). A rule of another form narrows the policy further and is not told here, so a shape covers at
 * least what the policy matches: two policies whose shapes have nothing in common never match the same request.
 */
export interface PolicyShape {
  /** Absent: any host. */
  readonly host?: HostForm;
  /** Absent: any path. */
  readonly path?: PathForm;
}

const shapes = new WeakMap<L7Policy, PolicyShape>();

/** Policies are immutable, so each is read once. */
export function policyShape(policy: L7Policy): PolicyShape {
  let shape = shapes.get(policy);
  if (shape === undefined) {
    shape = readShape(policy);
    shapes.set(policy, shape);
  }
  return shape;
}

function readShape(policy: L7Policy): PolicyShape {
  let host: HostForm | undefined;
  let path: PathForm | undefined;
  for (const rule of policy.rules) {
    host ??= readHostRule(rule);
    path ??= readPathRule(rule);
  }
  const everyPath = path?.kind === 'prefix' && path.path === '/';
  return { ...(host && { host }), ...(path && !everyPath && { path }) };
}

/** Can one request have both shapes? */
export function shapesOverlap(a: PolicyShape, b: PolicyShape): boolean {
  return hostsOverlap(a.host, b.host) && pathsOverlap(a.path, b.path);
}

function hostsOverlap(a: HostForm | undefined, b: HostForm | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  if (a.kind === 'exact') return b.kind === 'exact' ? a.host === b.host : parentOf(a.host) === b.parent;
  return b.kind === 'wildcard' ? a.parent === b.parent : parentOf(b.host) === a.parent;
}

/** The host without its first label: what a wildcard has to name to match it. Undefined for a host of one label. */
export function parentOf(host: string): string | undefined {
  const dot = host.indexOf('.');
  return dot < 1 ? undefined : host.slice(dot + 1);
}

function pathsOverlap(a: PathForm | undefined, b: PathForm | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  if (a.kind === 'exact') return b.kind === 'exact' ? a.path === b.path : prefixCovers(b.path, a.path);
  return prefixCovers(a.path, b.path) || (b.kind === 'prefix' && prefixCovers(b.path, a.path));
}

/** Element-wise prefix: `/foo` covers `/foo` and `/foo/bar`, not `/foobar`. */
export function prefixCovers(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}
