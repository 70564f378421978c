import {
  CLUSTER_ID,
  COALESCE_WINDOW,
  type Configuration,
  L7_ROUTER_UUID,
  RESYNC_PERIOD,
  USE_EVENTS,
  WATCH_READ_TIMEOUT,
  WATCH_RECONCILE_PERIOD,
} from '@kuryr-l7/config';
import {
  createKubernetesWriter,
  createSharedWatcher,
  type KubernetesTransport,
  type Logger,
  type SharedWatcher,
} from '@kuryr-l7/kube';
import type { AppliedReport, Driver } from '@kuryr-l7/plugin';
import { ConfiguredCloud } from './cloud/configured-cloud.js';
import { LiveConfiguration, type ReadAgain } from './configuration/live-configuration.js';
import { DesiredRouterState } from './desired/desired-router-state.js';
import { HandlerPipeline } from './pipeline/handler-pipeline.js';
import { instantiatePlugins } from './plugins/instantiate-plugins.js';
import type { LoadedPlugins } from './plugins/load-plugins.js';
import { RouterWriter } from './writer/router-writer.js';

/** Objects of one kind handled at once. */
const WORKERS = 8;

export interface ClusterSessionOptions {
  readonly transport: KubernetesTransport;
  readonly configuration: Configuration;
  readonly plugins: LoadedPlugins;
  /** Reads kuryr.conf again before the router is opened. @default it stays as it is */
  readonly readAgain?: ReadAgain;
  /** A logger by its name, e.g. `kuryr.writer`. */
  readonly logger: (name: string) => Logger;
}

/**
 * The active part of a controller: watches, handlers, the desired router and its writer. A controller that stands by has
 * none; one that becomes active again gets a new one, which knows nothing of the last.
 */
export class ClusterSession {
  readonly desired: DesiredRouterState;
  readonly watcher: SharedWatcher;
  readonly writer: RouterWriter;
  readonly pipelines: readonly HandlerPipeline[];
  readonly #kubernetes: ReturnType<typeof createKubernetesWriter>;
  readonly #cloud: ConfiguredCloud;
  readonly #helpers: readonly Driver[];
  readonly #reconcilePeriod: number;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @throws what the constructor or `start` of a plugin throws, e.g. ConfigurationError */
  constructor({ transport, configuration, plugins, readAgain, logger }: ClusterSessionOptions) {
    this.#kubernetes = createKubernetesWriter(transport, {
      component: 'kuryr-l7',
      logger: logger('kuryr.kube'),
      events: configuration.get(USE_EVENTS),
    });
    this.desired = new DesiredRouterState(logger('kuryr.routes'));
    // By the id of the cluster everybody knows what is ours: with two at a time, one would make what the other never finds.
    const options = { changing: [L7_ROUTER_UUID, ...(plugins.driver.options ?? [])], fixed: [CLUSTER_ID] };
    const live = new LiveConfiguration(configuration, options, readAgain, logger('kuryr.config'));
    this.#cloud = new ConfiguredCloud(live, logger('kuryr.openstack'));
    const { handlers, driver, helpers } = instantiatePlugins(plugins, {
      configuration,
      driverConfiguration: live,
      logger,
      kubernetes: this.#kubernetes,
      desired: this.desired,
      cloud: this.#cloud,
    });
    this.#helpers = helpers;
    this.watcher = createSharedWatcher(transport, {
      logger: logger('kuryr.kube'),
      idleTimeout: configuration.get(WATCH_READ_TIMEOUT) * 1_000,
    });
    this.writer = new RouterWriter({
      driver,
      beforeOpen: () => live.refresh(),
      desired: this.desired,
      logger: logger('kuryr.writer'),
      resyncPeriod: configuration.get(RESYNC_PERIOD) * 1_000,
      coalesceWindow: configuration.get(COALESCE_WINDOW),
    });
    this.pipelines = handlers.map((handler) => {
      const own = {
        handler,
        watcher: this.watcher,
        logger: logger(`kuryr.handlers.${handler.name}`),
        workers: WORKERS,
      };
      return new HandlerPipeline(own);
    });
    this.#reconcilePeriod = configuration.get(WATCH_RECONCILE_PERIOD) * 1_000;
  }

  /** @param onApplied called whenever a desired state is in effect */
  start(onApplied: (report: AppliedReport) => void): void {
    this.desired.onApplied(onApplied);
    this.writer.start();
    this.watcher.start();
    void this.#begin();
    if (this.#reconcilePeriod === 0) return;
    this.#timer = setInterval(() => {
      for (const pipeline of this.pipelines) pipeline.reconcile();
    }, this.#reconcilePeriod);
  }

  /** Takes in no more changes, lets what is under way end within `grace` milliseconds, and lets go of the router. */
  async stop(grace?: number): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await Promise.all([
      this.watcher.stop(),
      this.writer.stop(grace),
      ...this.pipelines.map((pipeline) => pipeline.stop()),
    ]);
    await Promise.all(this.#helpers.map((helper) => helper.close?.()));
    await this.#cloud.close();
    await this.#kubernetes.close();
  }

  /** When every handler has seen every object, the desired router is whole and may be written. */
  async #begin(): Promise<void> {
    try {
      await Promise.all(this.pipelines.map((pipeline) => pipeline.start()));
    } catch (error) {
      // A stop while the first lists are under way rejects their promises.
      if (this.#stopped) return;
      throw error;
    }
    if (!this.#stopped) this.desired.start();
  }
}
