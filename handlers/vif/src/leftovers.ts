import { type Clock, FailureLog, NAMESPACES, NODES, PODS } from '@kuryr-l7/kube';
import {
  type HandlerContext,
  hasCode,
  type Logger,
  type PodProjectDriver,
  type PodSubnetsDriver,
  tryEach,
  type VifPoolDriver,
} from '@kuryr-l7/plugin';

/** Milliseconds until what could not be cleared away is tried again, longer each time. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 900_000;
/** Milliseconds between retries from which a person is told: ports of the last Pods take a moment. */
const WORTH_TELLING = 60_000;
/** What failures are told of. */
const LEFTOVERS = 'leftovers';

export interface LeftoversOptions {
  readonly context: HandlerContext;
  readonly projects: PodProjectDriver;
  readonly subnets: PodSubnetsDriver;
  readonly pool: VifPoolDriver;
  /** Of the Pods that are there and may have VIFs. */
  readonly podUids: () => ReadonlySet<string>;
  /** Resolves when it is known what Pods have. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Clears away what drivers have made for Pods, namespaces and nodes that are gone while nobody watched, and for namespaces and
 * nodes that go. What can't be cleared away keeps nothing else from it.
 * Watches only what a driver wants to know of.
 */
export class Leftovers {
  readonly #stopped = new AbortController();
  readonly #unsubscribe: readonly (() => void)[];
  readonly #failures: FailureLog;
  #underWay: Promise<void> | undefined;
  #isAskedAgain = false;
  #hasBegun = false;
  #retry = FIRST_RETRY;
  #cancel: (() => void) | undefined;

  constructor(private readonly options: LeftoversOptions) {
    const { context, subnets, pool, logger, clock } = options;
    this.#failures = new FailureLog(logger, { level: 'warn', clock });
    const clearAfter = ({ type }: { readonly type: string }) => {
      if (type !== 'deleted' || !this.#hasBegun) return;
      this.#retry = FIRST_RETRY;
      this.#clear();
    };
    this.#unsubscribe = [
      ...(subnets.retainNamespaces === undefined ? [] : this.#afterNamespaces(clearAfter)),
      ...(pool.retainNodes === undefined ? [] : [context.watch(NODES).subscribe(clearAfter)]),
    ];
  }

  /** The last Pod may be seen to go after its namespace. */
  #afterNamespaces(clearAfter: (event: { readonly type: string }) => void): readonly (() => void)[] {
    const namespaces = this.options.context.watch(NAMESPACES);
    const pods = this.options.context.watch(PODS).subscribe((event) => {
      if (namespaces.store.get(event.object.metadata.namespace ?? '') === undefined) clearAfter(event);
    });
    return [namespaces.subscribe(clearAfter), pods];
  }

  /** When all has been listed. */
  begin(): void {
    this.#hasBegun = true;
    this.#clear();
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the controller stops'));
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#cancel?.();
    await this.#underWay;
  }

  #clear(): void {
    this.#cancel?.();
    this.#isAskedAgain = this.#underWay !== undefined;
    this.#underWay ??= this.#try().finally(() => {
      this.#underWay = undefined;
      if (this.#isAskedAgain && !this.#stopped.signal.aborted) this.#clear();
    });
  }

  async #try(): Promise<void> {
    const { signal } = this.#stopped;
    try {
      await this.#clearOnce(signal);
      this.#retry = FIRST_RETRY;
      this.#failures.clear(LEFTOVERS);
    } catch (error) {
      if (signal.aborted) return;
      const isUsual = hasCode(error, 'ERR_NOT_READY') && this.#retry < WORTH_TELLING;
      const reason = error instanceof Error ? error.message : String(error);
      const text = `what Pods, namespaces or nodes have left that are gone is not cleared away yet: ${reason}; tried again`;
      if (isUsual) this.options.logger.debug(text);
      else this.#failures.add(LEFTOVERS, text, {});
      this.#cancel = this.options.clock.schedule(() => this.#clear(), this.#retry);
      this.#retry = Math.min(LAST_RETRY, this.#retry * 2);
    }
  }

  async #clearOnce(signal: AbortSignal): Promise<void> {
    const { context, projects, subnets, pool, podUids, ready } = this.options;
    await ready(signal);
    const places = async () => ({
      projects: await projects.allProjects?.(signal),
      subnets: await subnets.allSubnets?.(signal),
    });
    const leave = async (networkId: string) => pool.leaveNetwork?.(networkId, signal);
    const steps = [
      async () => pool.releaseLeftovers(podUids, signal),
      async () => pool.retainNodes?.([...context.watch(NODES).store.values()], signal),
      async () => pool.retainPlaces?.(places, signal),
      async () => subnets.retainNamespaces?.(() => this.#namespaces(), leave, signal),
    ];
    await tryEach(steps, (step) => step(), signal);
  }

  /** Those of Pods too: a watch may be ahead of another one. */
  #namespaces(): ReadonlySet<string> {
    const { context } = this.options;
    const names = [...context.watch(NAMESPACES).store.values()].map(({ metadata }) => metadata.name);
    const ofPods = [...context.watch(PODS).store.values()].map(({ metadata }) => metadata.namespace ?? 'default');
    return new Set([...names, ...ofPods]);
  }
}
