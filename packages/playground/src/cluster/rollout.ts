import type { RollingUpdate } from './kinds/workload.js';

/** A ReplicaSet of a Deployment, as the rollout sees it. */
export interface Generation {
  readonly name: string;
  /** What its specification asks for. */
  readonly replicas: number;
  /** Pods that have been ready for long enough. */
  readonly available: number;
  /** Pods that exist, those that are being deleted included. */
  readonly pods: number;
}

export interface Rollout {
  readonly replicas: number;
  readonly strategy: 'RollingUpdate' | 'Recreate';
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly paused: boolean;
  /** The one made from the current template. */
  readonly current: Generation | undefined;
  /** Oldest first. */
  readonly old: readonly Generation[];
}

/**
 * How many Pods more or fewer than the replicas a rolling update may have, in Pods: percentages are rounded up for the surge and down for
 * the unavailable; not both are 0, or nothing would ever move (as `ResolveFenceposts` of kube-controller-manager).
 */
export function fenceposts(
  update: RollingUpdate | undefined,
  replicas: number,
): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const maxSurge = Math.ceil(podsOf(update?.maxSurge ?? '25%', replicas));
  const maxUnavailable = Math.floor(podsOf(update?.maxUnavailable ?? '25%', replicas));
  return maxSurge === 0 && maxUnavailable === 0 ? { maxSurge, maxUnavailable: 1 } : { maxSurge, maxUnavailable };
}

function podsOf(value: number | string, replicas: number): number {
  return typeof value === 'number' ? value : (Number.parseInt(value, 10) * replicas) / 100;
}

/** The next step: the ReplicaSets to scale, and to how many. Empty when there is nothing to do until Pods have come or gone. */
export function nextStep(rollout: Rollout): ReadonlyMap<string, number> {
  if (rollout.paused) return spreadEvenly(rollout);
  const step = rollout.strategy === 'Recreate' ? recreate(rollout) : rollingUpdate(rollout);
  const all = rollout.current === undefined ? rollout.old : [...rollout.old, rollout.current];
  return new Map(
    [...step].filter(([name, replicas]) => all.some((one) => one.name === name && one.replicas !== replicas)),
  );
}

function recreate({ current, old, replicas }: Rollout): ReadonlyMap<string, number> {
  const step = new Map(old.map((one) => [one.name, 0]));
  if (current !== undefined && old.every((one) => one.pods === 0)) step.set(current.name, replicas);
  return step;
}

function rollingUpdate({ current, old, replicas, maxSurge, maxUnavailable }: Rollout): ReadonlyMap<string, number> {
  const step = new Map<string, number>();
  const total = sum(old, 'replicas') + (current?.replicas ?? 0);
  if (current !== undefined) {
    const room = Math.max(0, replicas + maxSurge - total);
    step.set(current.name, Math.min(replicas, current.replicas + room));
  }
  if (current !== undefined && current.replicas >= replicas && current.available >= replicas) {
    for (const one of old) step.set(one.name, 0);
    return step;
  }
  const notYetAvailable = current === undefined ? 0 : Math.max(0, current.replicas - current.available);
  let removable = total - (replicas - maxUnavailable) - notYetAvailable;
  // Pods that serve nobody go first: they cost no availability.
  for (const one of old) {
    const idle = Math.min(Math.max(0, removable), Math.max(0, one.replicas - one.available));
    step.set(one.name, one.replicas - idle);
    removable -= idle;
  }
  let spare = Math.min(removable, sum(old, 'available') + (current?.available ?? 0) - (replicas - maxUnavailable));
  for (const one of old) {
    const left = step.get(one.name) ?? one.replicas;
    const gone = Math.min(Math.max(0, spare), left);
    step.set(one.name, left - gone);
    spare -= gone;
  }
  return step;
}

/** A paused Deployment that is scaled keeps the proportions of its ReplicaSets; what rounding leaves goes to the largest. */
function spreadEvenly({ current, old, replicas }: Rollout): ReadonlyMap<string, number> {
  const active = [...old, ...(current === undefined ? [] : [current])].filter((one) => one.replicas > 0);
  const total = sum(active, 'replicas');
  if (active.length === 0) return current === undefined ? new Map() : new Map([[current.name, replicas]]);
  if (total === replicas) return new Map();
  const largestFirst = active.toSorted((a, b) => b.replicas - a.replicas);
  const shares = new Map(largestFirst.map((one) => [one.name, Math.floor((one.replicas * replicas) / total)]));
  const left = replicas - [...shares.values()].reduce((all, share) => all + share, 0);
  const [largest] = largestFirst;
  if (largest !== undefined) shares.set(largest.name, (shares.get(largest.name) ?? 0) + left);
  return shares;
}

function sum(generations: readonly Generation[], field: 'replicas' | 'available'): number {
  return generations.reduce((total, one) => total + one[field], 0);
}
