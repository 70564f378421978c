import type { Cloud, LoadBalancer } from '@kuryr-l7/openstack';
import type { ObjectKey } from '@kuryr-l7/plugin';
import { asLoadBalancerError } from '../errors.js';
import { oldestFirst, type ServiceOwnership } from '../service-ownership.js';
import type { LoadBalancerLock } from '../writing/load-balancer-lock.js';
import { type LoadBalancerReading, readLoadBalancer } from './load-balancer-reading.js';

/** What Services have in Octavia, found by its tags. */
export class ServiceReadings {
  constructor(
    private readonly cloud: Cloud,
    private readonly lock: LoadBalancerLock,
    private readonly ownership: ServiceOwnership,
  ) {}

  /** Of all Services that have any. */
  async services(signal: AbortSignal): Promise<ReadonlyMap<ObjectKey, readonly LoadBalancer[]>> {
    const services = new Map<ObjectKey, LoadBalancer[]>();
    for (const one of await this.#list([this.ownership.clusterTag], signal)) {
      const service = this.ownership.serviceOf(one);
      if (service !== undefined) services.set(service, [...(services.get(service) ?? []), one]);
    }
    return services;
  }

  /** Oldest first. */
  async find(service: ObjectKey, signal: AbortSignal): Promise<readonly LoadBalancer[]> {
    const found = await this.#list(this.ownership.search(service), signal);
    return found.filter((one) => this.ownership.serviceOf(one) === service).sort(oldestFirst);
  }

  /**
   * All that is still there of what was found, none of it PENDING.
   * @throws LoadBalancerPendingError, LoadBalancerNotReadyError
   */
  async settled(found: readonly LoadBalancer[], signal: AbortSignal): Promise<readonly LoadBalancerReading[]> {
    const readings: LoadBalancerReading[] = [];
    for (const { id } of found) {
      const there = await this.lock.settled(id, signal);
      if (there !== undefined) readings.push(await this.#read(there, signal));
    }
    return readings;
  }

  /** Of what was found what serves, the first, whatever becomes of others beside it. Undefined where nothing is ACTIVE. */
  async active(found: readonly LoadBalancer[], signal: AbortSignal): Promise<LoadBalancerReading | undefined> {
    const there = found.find(({ provisioning_status }) => provisioning_status === 'ACTIVE');
    return there && this.#read(there, signal);
  }

  async #read(there: LoadBalancer, signal: AbortSignal): Promise<LoadBalancerReading> {
    try {
      return await readLoadBalancer(this.cloud, there, { signal });
    } catch (error) {
      throw asLoadBalancerError(error, `read load balancer ${there.name} (${there.id})`);
    }
  }

  async #list(tags: readonly string[], signal: AbortSignal): Promise<readonly LoadBalancer[]> {
    try {
      return await this.cloud.octavia.loadBalancers.list({ tags }, { signal });
    } catch (error) {
      throw asLoadBalancerError(error, 'look for load balancers of this cluster');
    }
  }
}
