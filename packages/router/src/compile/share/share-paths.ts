import type { L7Policy } from '../../model.js';
import { compareText } from '../../policy-order.js';
import { policyShape } from '../../policy-shape.js';
import { type PathForm, pathsRule } from '../../rule-forms.js';
import { portion } from './portion.js';
import { signatureOf } from './signature.js';

/** Where a host or a policy comes in the Ingress that asks for it: the order in which they join a policy. */
export type PlaceInIngress = (policy: L7Policy, name: string) => number;

/** Paths of one host that one policy takes. */
export interface SharedPaths {
  /** The policy of the first of them in the Ingress. */
  readonly first: L7Policy;
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
export function sharePaths(
  policies: readonly L7Policy[],
  maxLength: number,
  placeInIngress: PlaceInIngress,
): readonly SharedPaths[] {
  const [first, ...others] = policies;
  if (first !== undefined && others.length === 0) return [alone(first)];
  const fits = (part: readonly L7Policy[]) => pathsRule(pathsOf(part)).value.length <= maxLength;
  return movableRuns(withoutRedundant(policies)).flatMap((run) => {
    if (run.length === 1) return run.map(alone);
    const inIngress = sortedBy(run, (policy) => placeInIngress(policy, policy.key));
    return portion(inIngress, fits).map((part): SharedPaths => ({ first: part[0], paths: pathsOf(part) }));
  });
}

function alone(policy: L7Policy): SharedPaths {
  const { paths } = policyShape(policy);
  return { first: policy, ...(paths && { paths }) };
}

function pathsOf(policies: readonly L7Policy[]): readonly PathForm[] {
  const paths = policies.flatMap((policy) => policyShape(policy).paths ?? []);
  return paths.sort((a, b) => compareText(b.kind, a.kind) || compareText(a.path, b.path));
}

function sortedBy<T>(list: readonly T[], numberOf: (element: T) => number): readonly T[] {
  return list
    .map((element) => ({ element, number: numberOf(element) }))
    .sort((a, b) => a.number - b.number)
    .map(({ element }) => element);
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

/** Policies of one signature, of which each may be moved to the place of the first without a difference to any request. */
function movableRuns(policies: readonly L7Policy[]): readonly (readonly L7Policy[])[] {
  const runs: Run[] = [];
  const latest = new Map<string, Run>();
  const under = new Map<string, LastSeen>();
  for (const [index, policy] of policies.entries()) {
    const signature = signatureOf(policy);
    const { kind, path } = pathOf(policy);
    const run = latest.get(signature);
    const obstacle = kind === 'exact' ? -1 : (under.get(path)?.lastBut(signature) ?? -1);
    if (run !== undefined && obstacle < run.start && path !== '/') {
      run.policies.push(policy);
    } else {
      const begun: Run = { start: index, policies: [policy] };
      runs.push(begun);
      latest.set(signature, begun);
    }
    for (const prefix of prefixesOf(path)) {
      const seen = under.get(prefix) ?? new LastSeen();
      under.set(prefix, seen);
      seen.add(signature, index);
    }
  }
  return runs.map((run) => run.policies);
}

/** Where the last policy stood, and the last one of another signature. */
class LastSeen {
  #signature = '';
  #index = -1;
  #otherIndex = -1;

  add(signature: string, index: number): void {
    if (signature !== this.#signature) {
      this.#otherIndex = this.#index;
      this.#signature = signature;
    }
    this.#index = index;
  }

  lastBut(signature: string): number {
    return signature === this.#signature ? this.#otherIndex : this.#index;
  }
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
