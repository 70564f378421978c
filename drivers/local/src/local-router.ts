import type { IncomingHttpHeaders } from 'node:http';
import { type L7Router, type RouterDescription, RouterRefusedError, TemporaryRouterError } from '@kuryr-l7/plugin';
import {
  applyChange,
  type Change,
  ChangeRefusedError,
  emptyRouter,
  FULL_CAPABILITIES,
  type L7Policy,
  type ObservedPolicy,
  type ObservedRouter,
  type Router,
} from '@kuryr-l7/router';
import { doneAlready } from './done-already.js';
import type { FrontListener } from './front/front-listener.js';
import type { Routing } from './front/routing.js';
import { ListenerRoutes } from './listener-routes.js';
import type { LocalRouterSettings } from './local-router-options.js';
import type { LivePool } from './pool/live-pool.js';
import { LivePools } from './pool/live-pools.js';
import { type LocalRouterStatistics, Statistics } from './statistics.js';
import { RouterValidator } from './validate-router.js';

/** Running requests have so long to end when the router closes. */
const CLOSE_GRACE_MILLISECONDS = 700;

/**
 * The L7 router in this process. A configuration is taken over between two requests, as a whole: each request is decided
 * by the one before or by the one after. What a change does not touch goes on: connections, health, places in the round.
 */
export class LocalRouter implements L7Router, Routing {
  readonly capabilities = FULL_CAPABILITIES;
  readonly #counters = new Statistics();
  readonly #pools: LivePools;
  readonly #routesByListener = new Map<string, ListenerRoutes>();
  /** Listeners with the very same list of policies share one index. */
  readonly #routes = new WeakMap<readonly ObservedPolicy[], ListenerRoutes>();
  #listeners: readonly FrontListener[] = [];
  #description: RouterDescription | undefined;
  #observed: ObservedRouter = emptyRouter([]);
  #validator = new RouterValidator([]);

  /** Listens nowhere yet; {@link createLocalRouter} makes routers that do. */
  constructor(settings: LocalRouterSettings) {
    this.#pools = new LivePools(settings.timeouts, settings.clock, this.#counters);
  }

  get description(): RouterDescription {
    if (this.#description === undefined) throw new RouterRefusedError('The local router is not open; open it first.');
    return this.#description;
  }

  /** Counts requests and connections of its listeners here. */
  get counters(): Statistics {
    return this.#counters;
  }

  opened(description: RouterDescription, listeners: readonly FrontListener[]): void {
    this.#description = description;
    this.#listeners = listeners;
    this.#observed = emptyRouter(description.listeners);
    this.#validator = new RouterValidator(description.listeners.map((listener) => listener.key));
  }

  async snapshot(): Promise<ObservedRouter> {
    return this.#observed;
  }

  /** @throws RouterRefusedError for what can't be, with the state as it was */
  async apply(change: Change, signal: AbortSignal): Promise<void> {
    refuseAborted(signal);
    if (doneAlready(this.#observed, change)) return;
    try {
      const changed = applyChange(this.#observed, change);
      if ('listener' in change) this.#validator.policies(changed, change.listener);
      this.#takeOver(changed);
    } catch (error) {
      if (error instanceof ChangeRefusedError) throw new RouterRefusedError(error.message, { cause: error });
      throw error;
    }
  }

  /** @throws RouterRefusedError for what can't be, with the state as it was */
  async replace(desired: Router, signal: AbortSignal): Promise<void> {
    refuseAborted(signal);
    this.#validator.router(desired);
    const wanted = new Map(desired.listeners.map(({ key, policies }) => [key, policies]));
    const listeners = this.#observed.listeners.map((listener) => ({
      ...listener,
      policies: wanted.get(listener.key) ?? [],
    }));
    this.#takeOver({ listeners, pools: desired.pools });
  }

  statistics(): LocalRouterStatistics {
    return this.#counters.read();
  }

  match(listener: string, host: string, path: string, headers: IncomingHttpHeaders): L7Policy | undefined {
    return this.#routesByListener.get(listener)?.match(host, path, headers);
  }

  pool(name: string): LivePool | undefined {
    return this.#pools.get(name);
  }

  /** Stops within a second: running requests may end, then every connection is closed. Closing twice is closing once. */
  async close(): Promise<void> {
    const listeners = this.#listeners;
    this.#listeners = [];
    await Promise.all(listeners.map((listener) => listener.close(CLOSE_GRACE_MILLISECONDS)));
    await this.#pools.destroy();
  }

  /** All of it in one turn of the event loop, so that no request sees half of it. */
  #takeOver(observed: ObservedRouter): void {
    this.#observed = observed;
    this.#pools.update(observed.pools);
    for (const { key, policies } of observed.listeners) {
      this.#routesByListener.set(key, this.#routesFor(policies));
    }
  }

  #routesFor(policies: readonly ObservedPolicy[]): ListenerRoutes {
    const known = this.#routes.get(policies);
    if (known !== undefined) return known;
    const routes = new ListenerRoutes(policies);
    this.#routes.set(policies, routes);
    return routes;
  }
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new TemporaryRouterError('The change was called off.', { cause: signal.reason });
}
