import type { Logger } from '@kuryr-l7/kube';
import { isRouterRefused, type L7Router, TemporaryRouterError } from '@kuryr-l7/plugin';
import {
  applyChange,
  type Change,
  describeChange,
  mergePolicies,
  type ObservedRouter,
  plan,
  type Router,
  type Source,
} from '@kuryr-l7/router';
import type { DesiredRouterState, DesiredSnapshot } from '../desired/desired-router-state.js';
import { type Holds, holdRoutes } from './hold-routes.js';
import { type NewerMembers, newerMembers } from './newer-members.js';
import type { Quarantine, Wanted } from './quarantine.js';
import type { Turnstile } from './turnstile.js';

/** So often newer desired states may replace a plan before it is carried out as it is: else churn would starve it. */
const MOST_INTERRUPTIONS = 5;

export interface RouterPassOptions {
  readonly router: L7Router;
  readonly desired: DesiredRouterState;
  readonly quarantine: Quarantine;
  readonly turnstile: Turnstile;
  readonly logger: Logger;
  /** No new change is begun when it is aborted. */
  readonly stopping: AbortSignal;
  /** Given to the driver: aborted when a change under way may not end in peace. */
  readonly cut: AbortSignal;
  /** Told of each write, and of each refusal. */
  readonly onWrite: () => void;
  /** Told what the router has after each write. */
  readonly onObserved: (observed: ObservedRouter) => void;
  readonly onRefusal: (change: string, error: Error) => void;
}

/** What a pass came to. */
export interface PassResult {
  readonly observed: ObservedRouter;
  /** The desired state that is in effect now; undefined where the process stops before. */
  readonly applied?: DesiredSnapshot;
}

interface Target {
  readonly router: Router;
  readonly wanted: Wanted;
  readonly holds: Holds;
}

type Progress = 'finished' | 'interrupted' | 'refused';

/**
 * One pass of the writer: plans for the newest desired state and applies change after change. A newer state interrupts it,
 * but not for ever: after a few times the plan is carried out, and only members overtake it between two changes.
 */
export class RouterPass {
  #observed: ObservedRouter;

  constructor(
    private readonly options: RouterPassOptions,
    observed: ObservedRouter,
  ) {
    this.#observed = observed;
  }

  /** @throws what the driver throws, but for refusals, which are put aside */
  async run(): Promise<PassResult> {
    const { desired, quarantine, stopping } = this.options;
    let interruptions = 0;
    while (!stopping.aborted) {
      const snapshot = desired.snapshot();
      const target = this.#target(snapshot);
      const progress = await this.#make(target, snapshot.revision, interruptions < MOST_INTERRUPTIONS);
      if (progress === 'finished') {
        quarantine.passed(target.holds);
        return { observed: this.#observed, applied: snapshot };
      }
      if (progress === 'interrupted') interruptions += 1;
    }
    return { observed: this.#observed };
  }

  /** What would be changed now. */
  plan(): readonly Change[] {
    return this.#plan(this.#target(this.options.desired.snapshot()));
  }

  #plan({ router }: Target): readonly Change[] {
    return plan(router, this.#observed, this.options.router.capabilities);
  }

  #target({ compilations, pools }: DesiredSnapshot): Target {
    const unfilled = pools.filter(({ pool }) => pool === undefined).map(({ request }) => request.name);
    const filled = pools.flatMap(({ pool }) => (pool === undefined ? [] : [pool]));
    const policies = mergePolicies([...compilations.values()]);
    const wanted: Wanted = {
      policy: (key) => policies.find((policy) => policy.key === key),
      pool: (name) => filled.find((pool) => pool.name === name),
    };
    const holds = this.options.quarantine.holds(unfilled, wanted);
    const { listeners } = this.options.router.description;
    return { router: holdRoutes(policies, filled, listeners, this.#observed, holds), wanted, holds };
  }

  async #make(target: Target, revision: number, interruptible: boolean): Promise<Progress> {
    const { desired, logger } = this.options;
    const changes = this.#plan(target);
    if (changes.length === 0) return 'finished';
    if (await this.#replace(target)) return 'finished';
    const overtaken = new Set<string>();
    let seen = revision;
    let again = Number.POSITIVE_INFINITY;
    for (const [index, change] of changes.entries()) {
      if (this.options.stopping.aborted) return 'interrupted';
      if (desired.revision !== seen || index >= again) {
        if (interruptible) return 'interrupted';
        seen = desired.revision;
        const waiting = await this.#overtake(changes.slice(index), overtaken);
        if (waiting === 'refused') return 'refused';
        again = index + waiting;
      }
      if (change.type === 'setMembers' && overtaken.has(change.pool)) continue;
      if (!(await this.#apply(change, target.wanted))) return 'refused';
    }
    logger.debug(`${changes.length} changes are in effect`, { revision });
    return 'finished';
  }

  /** Everything at once, where the router can. Where it refuses, one by one finds out what it does not like. */
  async #replace(target: Target): Promise<boolean> {
    const { router, turnstile, cut, onWrite, onRefusal } = this.options;
    try {
      const observed = await turnstile.pass(async () => {
        if (router.replace === undefined) return undefined;
        await router.replace(target.router, cut);
        return router.snapshot({ full: false }, cut);
      });
      if (observed === undefined) return false;
      this.#knows(observed);
      onWrite();
      return true;
    } catch (error) {
      if (!isRouterRefused(error)) throw error;
      onRefusal('replace everything', error);
      return false;
    }
  }

  /** Members as they are wanted by now, where they need not wait; see `newerMembers` for what it answers. */
  async #overtake(rest: readonly Change[], overtaken: Set<string>): Promise<NewerMembers['again'] | 'refused'> {
    const target = this.#target(this.options.desired.snapshot());
    const { now, again } = newerMembers(this.#plan(target), rest, this.#observed);
    for (const change of now) {
      if (!(await this.#apply(change, target.wanted))) return 'refused';
      if (change.type === 'setMembers') overtaken.add(change.pool);
    }
    return again;
  }

  /** One write. False: the router refuses it, and it is put aside. */
  async #apply(change: Change, wanted: Wanted): Promise<boolean> {
    const { router, turnstile, quarantine, logger, cut, onWrite, onRefusal } = this.options;
    const what = describeChange(change);
    try {
      await turnstile.pass(() => router.apply(change, cut));
    } catch (error) {
      if (!isRouterRefused(error)) throw error;
      onRefusal(what, error);
      if (!quarantine.add(change, wanted, sourceOf(change, this.#observed), `${what}: ${error.message}`)) {
        throw new TemporaryRouterError(`${what} is refused again and again: ${error.message}`, { cause: error });
      }
      this.#knows(await turnstile.pass(() => router.snapshot({ full: true }, cut)));
      return false;
    }
    onWrite();
    logger.info(what, { router: router.description.id });
    this.#knows(applyChange(this.#observed, change));
    return true;
  }

  #knows(observed: ObservedRouter): void {
    this.#observed = observed;
    this.options.onObserved(observed);
  }
}

function sourceOf(change: Change, observed: ObservedRouter): Source {
  if (change.type === 'createPolicy') return change.policy.source;
  if (change.type === 'createPool' || change.type === 'updatePool') return change.pool.source;
  const found =
    'listener' in change
      ? observed.listeners.find(({ key }) => key === change.listener)?.policies.find(({ key }) => key === change.policy)
      : observed.pools.find(({ name }) => name === change.pool);
  return found?.source ?? { kind: '', namespace: '', name: '' };
}
