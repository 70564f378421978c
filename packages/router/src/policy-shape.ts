import type { L7Policy, L7Rule } from './model.js';
import { type HostForm, type PathForm, readHostRule, readPathRule } from './rule-forms.js';

/**
 * What every request that a policy matches has in common, as far as its rules are of our forms ({@link readHostRule},
 * {@link readPathRule}): one of some hosts and one of some paths. A rule of another form narrows the policy further and
 * is not told here, so a shape covers at least what the policy matches: two policies whose shapes have nothing in common
 * never match the same request.
 */
export interface PolicyShape {
  /** One at least. Absent: any host. */
  readonly hosts?: readonly HostForm[];
  /** One at least. Absent: any path. */
  readonly paths?: readonly PathForm[];
  /** The policy matches every request of this shape, as it has no other rules. */
  readonly exact: boolean;
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
  let hosts: readonly HostForm[] | undefined;
  let paths: readonly PathForm[] | undefined;
  let exact = true;
  for (const rule of policy.rules) {
    const [ruleHosts, rulePaths] = [readHostRule(rule), readPathRule(rule)];
    const first = hosts === undefined ? ruleHosts : undefined;
    exact &&= (first ?? (paths === undefined ? rulePaths : undefined)) !== undefined && !isLoose(rule);
    hosts ??= ruleHosts;
    paths ??= rulePaths;
  }
  const everyPath = paths?.some(({ kind, path }) => kind === 'prefix' && path === '/');
  return { ...(hosts && { hosts }), ...(paths && everyPath !== true && { paths }), exact };
}

/** HOST_NAME EQUAL_TO takes no port, and STARTS_WITH `/` leaves out the path `*`: as good as the forms, not the same. */
function isLoose({ type, compareType }: L7Rule): boolean {
  return compareType === 'STARTS_WITH' || (type === 'HOST_NAME' && compareType === 'EQUAL_TO');
}

/** Can one request have both shapes? */
export function shapesOverlap(a: PolicyShape, b: PolicyShape): boolean {
  return overlap(a.hosts, b.hosts, hostsOverlap) && overlap(a.paths, b.paths, pathsOverlap);
}

function overlap<Form>(
  a: readonly Form[] | undefined,
  b: readonly Form[] | undefined,
  formsOverlap: (a: Form, b: Form) => boolean,
): boolean {
  if (a === undefined || b === undefined) return true;
  return a.some((one) => b.some((other) => formsOverlap(one, other)));
}

function hostsOverlap(a: HostForm, b: HostForm): boolean {
  if (a.kind === 'exact') return b.kind === 'exact' ? a.host === b.host : parentOf(a.host) === b.parent;
  return b.kind === 'wildcard' ? a.parent === b.parent : parentOf(b.host) === a.parent;
}

/** The host without its first label: what a wildcard has to name to match it. Undefined for a host of one label. */
export function parentOf(host: string): string | undefined {
  const dot = host.indexOf('.');
  return dot < 1 ? undefined : host.slice(dot + 1);
}

function pathsOverlap(a: PathForm, b: PathForm): boolean {
  return pathCovers(a, b) || pathCovers(b, a);
}

/** Does every request of the shape `inner` have the shape `outer` too? Never said without being so. */
export function shapeCovers(outer: PolicyShape, inner: PolicyShape): boolean {
  return hostsCover(outer, inner) && pathsCover(outer, inner);
}

export function hostsCover(outer: PolicyShape, inner: PolicyShape): boolean {
  return covers(outer.hosts, inner.hosts, hostCovers);
}

export function pathsCover(outer: PolicyShape, inner: PolicyShape): boolean {
  return covers(outer.paths, inner.paths, pathCovers);
}

function covers<Form>(
  outer: readonly Form[] | undefined,
  inner: readonly Form[] | undefined,
  formCovers: (outer: Form, inner: Form) => boolean,
): boolean {
  if (outer === undefined) return true;
  return inner?.every((one) => outer.some((other) => formCovers(other, one))) ?? false;
}

function hostCovers(outer: HostForm, inner: HostForm): boolean {
  if (outer.kind === inner.kind) return hostsOverlap(outer, inner);
  return outer.kind === 'wildcard' && hostsOverlap(outer, inner);
}

function pathCovers(outer: PathForm, inner: PathForm): boolean {
  if (outer.kind === 'prefix') return prefixCovers(outer.path, inner.path);
  return inner.kind === 'exact' && outer.path === inner.path;
}

/** Element-wise prefix: `/foo` covers `/foo` and `/foo/bar`, not `/foobar`. `/`, which covers every path, is none here. */
export function prefixCovers(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}
