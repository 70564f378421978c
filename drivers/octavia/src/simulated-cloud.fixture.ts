import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type Cloud, openCloud, PollingPace } from '@kuryr-l7/openstack';
import {
  cloudSettings,
  type Login,
  type OpenStackSimulator,
  SYSTEM_CLOCK as SIMULATOR_CLOCK,
  startOpenStackSimulator,
} from '@kuryr-l7/openstack-simulator';
import { createRouter } from './router/create-router.js';
import type { OctaviaRouter } from './router/octavia-router.js';
import { type OpenOptions, openOctaviaRouter } from './router/open-octavia-router.js';
import { DEFAULT_OCTAVIA_SETTINGS, type OctaviaSettings } from './settings.js';

export const NEVER = new AbortController().signal;
export const CLUSTER = 'test';
/** The simulated cloud takes no longer. */
export const QUICK = new PollingPace({ shortest: 1, firstGuess: 2 });

/** A simulated cloud with a load balancer that is a router, and what tests do to it. */
export class SimulatedCloud {
  readonly simulator: OpenStackSimulator;
  /** The ordinary user's. */
  readonly cloud: Cloud;
  /** The load balancer's. */
  readonly id: string;
  readonly #clouds: Cloud[] = [];

  static async start(writeMilliseconds = 2, clock = SIMULATOR_CLOCK): Promise<SimulatedCloud> {
    const simulator = await startOpenStackSimulator({ timing: () => writeMilliseconds, clock });
    const cloud = await cloudOf(simulator);
    const { vips } = simulator.facts.networks;
    const { id } = await createRouter(
      cloud,
      {
        name: 'web',
        clusterId: CLUSTER,
        vipSubnet: vips.subnetId,
        notFoundMembers: [{ address: '10.0.0.9', port: 80 }],
      },
      NEVER,
    );
    return new SimulatedCloud(simulator, cloud, id);
  }

  private constructor(simulator: OpenStackSimulator, cloud: Cloud, id: string) {
    this.simulator = simulator;
    this.cloud = cloud;
    this.id = id;
  }

  settings(changes: Partial<OctaviaSettings> = {}): OctaviaSettings {
    return {
      ...DEFAULT_OCTAVIA_SETTINGS,
      loadBalancerId: this.id,
      clusterId: CLUSTER,
      notFoundPool: 'kuryr-l7-not-found',
      pendingTimeout: 20_000,
      ...changes,
    };
  }

  /** Opens the router as a new process does. */
  async open(
    changes: Partial<OctaviaSettings> = {},
    options: OpenOptions & { readonly wrap?: (cloud: Cloud) => Cloud } = {},
  ): Promise<OctaviaRouter> {
    const { wrap = (cloud: Cloud) => cloud, ...open } = options;
    const cloud = await this.another();
    return openOctaviaRouter(wrap(cloud), this.settings(changes), NEVER, {
      logger: SILENT_LOGGER,
      pace: QUICK,
      ...open,
    });
  }

  /** One more session, of that user. */
  async another(login?: Login): Promise<Cloud> {
    const cloud = await cloudOf(this.simulator, login);
    this.#clouds.push(cloud);
    return cloud;
  }

  /** Waits until the load balancer is ACTIVE, as somebody who writes beside us. */
  async settled(): Promise<void> {
    while ((await this.cloud.octavia.loadBalancers.get(this.id)).provisioning_status !== 'ACTIVE') {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Writes beside us: waits for the lock, writes, waits for the end. */
  async write<T>(send: (cloud: Cloud) => Promise<T>): Promise<T> {
    await this.settled();
    const result = await send(this.cloud);
    await this.settled();
    return result;
  }

  async stop(): Promise<void> {
    for (const cloud of [this.cloud, ...this.#clouds]) cloud.close();
    await this.simulator.close();
  }
}

function cloudOf({ facts }: OpenStackSimulator, login: Login = facts.users.member): Promise<Cloud> {
  return openCloud(cloudSettings(facts, login));
}
