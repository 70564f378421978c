import type { L7Policy } from '../../model.js';
import { policyShape } from '../../policy-shape.js';
import { type PathForm, pathsRule } from '../../rule-forms.js';
import { portion } from './portion.js';
import { signatureOf } from './signature.js';

/** Paths of one host that one policy takes. */
export interface SharedPaths {
  /** The policy of the path after which they are named. */
  readonly anchor: L7Policy;
  /** Sorted; absent: any path. */
  readonly paths?: readonly PathForm[];
}

/**
 * The policies of one host, as few as can be: paths of one Ingress that lead to one target are one policy, at the place of
 * the first of them in order of evaluation, unless something with another target stands in between and takes some of the
 * same requests. A path is left out altogether where what comes next for its requests leads to the same target.
 *
 * @param policies of one host, in order of evaluation, all of our forms
 */
export function sharePaths(policies: readonly L7Policy[], maxLength: number): readonly SharedPaths[] {
  const [first, ...others] = policies;
  if (first !== undefined && others.length === 0) return [alone(first)];
  // Cuts and anchors follow from the paths alone, so that other hosts with the same paths can share the policies.
  const space = {
    nameOf: (policy: L7Policy) => pathText(pathOf(policy)),
    lengthOf: (part: readonly L7Policy[]) => pathsRule(part.map(pathOf)).value.length,
    maxLength,
  };
  return movableRuns(withoutRedundant(policies)).flatMap((run) => {
    if (run.length === 1) return run.map(alone);
    return portion(run, space).map(({ anchor, members }) => ({ anchor, paths: members.map(pathOf) }));
  });
}

function alone(policy: L7Policy): SharedPaths {
  const { paths } = policyShape(policy);
  return { anchor: policy, ...(paths && { paths }) };
}

/** Sorts Prefixes before Exact paths. */
function pathText({ kind, path }: PathForm): string {
  return `${kind === 'prefix' ? 'Prefix' : 'Exact'} ${path}`;
}

/** A policy that overlaps with a later one of its host is covered by it: what comes next for one of its requests does for all. */
function withoutRedundant(policies: readonly L7Policy[]): readonly L7Policy[] {
  const byPrefix = new Map<string, L7Policy>();
  const kept = policies.toReversed().filter((policy) => {
    const path = pathOf(policy);
    const [next] = prefixesOf(path.path).flatMap((prefix) => byPrefix.get(prefix) ?? []);
    if (next !== undefined && signatureOf(next) === signatureOf(policy)) return false;
    if (path.kind === 'prefix') byPrefix.set(path.path, policy);
    return true;
  });
  return kept.reverse();
}

interface Run {
  readonly start: number;
  readonly policies: L7Policy[];
}

/**
 * Policies of one signature, of which each may be moved to the place of the first without a difference to any request:
 * nothing since then stands under its path. What does is of another signature, or the policy would be redundant.
 */
function movableRuns(policies: readonly L7Policy[]): readonly (readonly L7Policy[])[] {
  const runs: Run[] = [];
  const latest = new Map<string, Run>();
  const lastUnder = new Map<string, number>();
  for (const [index, policy] of policies.entries()) {
    const signature = signatureOf(policy);
    const { path } = pathOf(policy);
    const run = latest.get(signature);
    if (run !== undefined && (lastUnder.get(path) ?? -1) < run.start) {
      run.policies.push(policy);
    } else {
      const begun: Run = { start: index, policies: [policy] };
      runs.push(begun);
      latest.set(signature, begun);
    }
    for (const prefix of prefixesOf(path)) lastUnder.set(prefix, index);
  }
  return runs.map((run) => run.policies);
}

/** The rest of a host is Prefix `/`. */
function pathOf(policy: L7Policy): PathForm {
  return policyShape(policy).paths?.[0] ?? { kind: 'prefix', path: '/' };
}

/** Every Prefix that covers the path, from the longest: `/a/b`, `/a` and `/` for `/a/b`. */
function prefixesOf(path: string): readonly string[] {
  const prefixes = [path];
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    prefixes.push(path.slice(0, slash));
  }
  return path === '/' ? prefixes : [...prefixes, '/'];
}
