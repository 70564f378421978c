import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { type Cloud, openCloud, PollingPace } from '@kuryr-l7/openstack';
import {
  cloudSettings,
  type Login,
  type OpenStackSimulator,
  startOpenStackSimulator,
} from '@kuryr-l7/openstack-simulator';
import type { LoadBalancerReport } from '@kuryr-l7/plugin';
import type { Listener, LoadBalancer } from '@kuryr-l7/service-load-balancer';
import { LbaasApplier } from './lbaas-applier.js';
import { PendingLoadBalancers } from './writing/pending-load-balancers.js';

export const NEVER = new AbortController().signal;
const CLUSTER = 'test';

/** A simulated cloud, and what tests do with the load balancers of Services there. */
export class SimulatedCloud {
  readonly #clouds: Cloud[] = [];

  private constructor(
    readonly simulator: OpenStackSimulator,
    /** The ordinary user's. */
    readonly cloud: Cloud,
  ) {}

  static async start(writeMilliseconds = 2): Promise<SimulatedCloud> {
    const simulator = await startOpenStackSimulator({ timing: () => writeMilliseconds });
    return new SimulatedCloud(simulator, await cloudOf(simulator));
  }

  /** As a new process has it. */
  async applier(pendingTimeout = 20_000, pending = new PendingLoadBalancers()): Promise<LbaasApplier> {
    return this.#applierAt(await this.#opened(), pendingTimeout, pending);
  }

  /** An administrator's, who sees what there is in all projects. */
  async adminApplier(): Promise<LbaasApplier> {
    return this.#applierAt(await this.as('admin'), 2_000, new PendingLoadBalancers());
  }

  /** The cloud as another user sees it. */
  as(user: 'admin' | 'other'): Promise<Cloud> {
    return this.#opened(this.simulator.facts.users[user]);
  }

  async #opened(login?: Login): Promise<Cloud> {
    const cloud = await openCloud(cloudSettings(this.simulator.facts, login));
    this.#clouds.push(cloud);
    return cloud;
  }

  #applierAt(cloud: Cloud, pendingTimeout: number, pending: PendingLoadBalancers): LbaasApplier {
    return new LbaasApplier(cloud, {
      clusterId: CLUSTER,
      logger: SILENT_LOGGER,
      pendingTimeout,
      pending,
      pace: new PollingPace({ shortest: 1, firstGuess: 2 }),
    });
  }

  get projectId(): string {
    return this.simulator.facts.users.member.projectId;
  }

  /** A load balancer for `shop/web` with one listener for each port. */
  wanted(listeners: readonly Listener[] = [listener()], changes: Partial<LoadBalancer> = {}): LoadBalancer {
    return {
      service: 'shop/web',
      name: 'shop/web',
      description: `Kubernetes Service shop/web from cluster ${CLUSTER}`,
      vip: { subnetId: this.simulator.facts.networks.vips.subnetId },
      placement: {},
      listeners,
      ...changes,
    };
  }

  async ensure(wanted: LoadBalancer, applier?: LbaasApplier): Promise<LoadBalancerReport> {
    return (applier ?? (await this.applier())).ensure({ wanted, projectId: this.projectId }, NEVER);
  }

  /** Writes to Octavia while something is done. */
  async writesOf(run: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.simulator.octavia.traffic.requests.length;
    await run();
    return this.simulator.octavia.traffic.requests
      .slice(before)
      .filter(({ method, status }) => method !== 'GET' && status < 400)
      .map(({ method, path }) => `${method} ${path.replace(/^.*\/lbaas\//, '').replace(/[0-9a-f-]{36}/g, '…')}`);
  }

  async settled(id: string): Promise<void> {
    while ((await this.cloud.octavia.loadBalancers.get(id)).provisioning_status.startsWith('PENDING')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async stop(): Promise<void> {
    for (const cloud of [this.cloud, ...this.#clouds]) cloud.close();
    await this.simulator.close();
  }
}

export function listener(
  port = 80,
  changes: Partial<Listener['pool']> = {},
  settings: Partial<Listener['settings']> = {},
): Listener {
  return {
    key: `TCP:${port}`,
    protocol: 'TCP',
    port,
    settings: { allowedCidrs: [], connectionLimit: -1, insertHeaders: [], ...settings },
    pool: { protocol: 'TCP', lbAlgorithm: 'ROUND_ROBIN', members: [{ address: '10.0.0.1', port: 8080 }], ...changes },
  };
}

function cloudOf({ facts }: OpenStackSimulator): Promise<Cloud> {
  return openCloud(cloudSettings(facts));
}
