import { type Clock, type Logger, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import {
  type Cloud,
  type OctaviaCapabilities,
  type LoadBalancer as OctaviaLoadBalancer,
  PollingPace,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import type { LoadBalancerReport, LoadBalancerRequest, ObjectKey } from '@kuryr-l7/plugin';
import {
  describeChange,
  type ObservedLoadBalancer,
  planLoadBalancer,
  planMembers,
} from '@kuryr-l7/service-load-balancer';
import { ChangeWriter } from './change-writer.js';
import { asLoadBalancerError, LoadBalancerNotReadyError, LoadBalancerRefusedError } from './errors.js';
import { kuryrState } from './kuryr-state.js';
import { LoadBalancerLock } from './load-balancer-lock.js';
import { type LoadBalancerReading, observed, readLoadBalancer, unsettled } from './load-balancer-reading.js';
import { MemberSecurityGroups, type MembersOpened } from './member-security-groups.js';
import { loadBalancerFields } from './octavia-fields.js';
import { PendingLoadBalancers } from './pending-load-balancers.js';
import { oldestFirst, ServiceOwnership } from './service-ownership.js';
import { requireFreePort } from './vip-port.js';
import { differs, vipSecurityGroups } from './vip-security-groups.js';

export interface LbaasApplierOptions {
  readonly clusterId: string;
  readonly logger: Logger;
  /** Milliseconds that a load balancer may be PENDING before that is told. */
  readonly pendingTimeout: number;
  readonly clock?: Clock;
  readonly pace?: PollingPace;
  /** Shared by all appliers of one cloud, as a load balancer stays PENDING from one to the next. */
  readonly pending?: PendingLoadBalancers;
}

/** Observes what a Service has in Octavia, plans, and writes; every call starts from what is there. */
export class LbaasApplier {
  readonly #cloud: Cloud;
  readonly #logger: Logger;
  readonly #ownership: ServiceOwnership;
  readonly #lock: LoadBalancerLock;

  /** @throws ConfigurationError for a cluster id that can't be a tag */
  constructor(cloud: Cloud, options: LbaasApplierOptions) {
    this.#cloud = cloud;
    this.#logger = options.logger;
    this.#ownership = new ServiceOwnership(options.clusterId);
    this.#lock = new LoadBalancerLock({
      octavia: cloud.octavia,
      clock: options.clock ?? SYSTEM_CLOCK,
      logger: options.logger,
      pendingTimeout: options.pendingTimeout,
      pace: options.pace ?? new PollingPace(),
      pending: options.pending ?? new PendingLoadBalancers(),
    });
  }

  /** @throws LoadBalancerPendingError, LoadBalancerNotReadyError, LoadBalancerRefusedError, ConfigurationError */
  async ensure(request: LoadBalancerRequest, signal: AbortSignal): Promise<LoadBalancerReport> {
    const { wanted } = request;
    let readings = await this.#observe(wanted.service, signal);
    const { vipSecurityGroups: isCapable } = await this.#capabilities(signal);
    const groups = isCapable ? vipSecurityGroups(request) : [];
    let writes = 0;
    // Before listeners are open to some clients only, which Octavia takes without groups alone.
    if (isCapable && groups.length === 0) writes += await this.#setGroups(request, groups, readings, signal);
    const plan = planLoadBalancer(wanted, this.#observed(readings));
    let writer: ChangeWriter | undefined;
    for (const change of plan) {
      signal.throwIfAborted();
      this.#logger.info(`Service ${wanted.service}: ${describeChange(change)}`);
      if (change.type === 'deleteLoadBalancer') {
        await this.#delete(change.id, wanted.name, signal);
        readings = readings.filter(({ loadBalancer }) => loadBalancer.id !== change.id);
      } else if (change.type === 'createLoadBalancer') {
        const made = { ...request, wanted: change.loadBalancer, securityGroups: groups };
        await this.#createBeside(readings.find(isUsable), made, signal);
      } else {
        writer ??= this.#writer(wanted, readings);
        await writer.write(change, signal);
      }
      writes += 1;
    }
    if (plan.length > 0) readings = await this.#observe(wanted.service, signal);
    const [reading] = readings;
    if (reading === undefined || !isUsable(reading)) throw failedAfterwards(wanted.name, reading?.loadBalancer);
    this.#checkChildren(reading);
    if (isCapable && groups.length > 0) writes += await this.#setGroups(request, groups, [reading], signal);
    const opened = await this.#openMembers(request, reading, signal);
    return {
      vipAddress: reading.loadBalancer.vip_address,
      vipPortId: reading.loadBalancer.vip_port_id,
      vipSubnetId: reading.loadBalancer.vip_subnet_id ?? undefined,
      vipNetworkId: reading.loadBalancer.vip_network_id ?? undefined,
      state: kuryrState(reading, this.#ownership, groups),
      writes: writes + opened.writes,
      problems: opened.problems,
    };
  }

  async #capabilities(signal: AbortSignal): Promise<OctaviaCapabilities> {
    try {
      return await this.#cloud.octavia.capabilities({ signal });
    } catch (error) {
      throw asLoadBalancerError(error, 'ask for the versions of Octavia');
    }
  }

  /** Gives the VIP its security groups; the writes that it took. */
  async #setGroups(
    request: LoadBalancerRequest,
    groups: readonly string[],
    readings: readonly LoadBalancerReading[],
    signal: AbortSignal,
  ): Promise<number> {
    const [first] = readings.filter(({ loadBalancer }) => loadBalancer.provisioning_status === 'ACTIVE');
    if (first === undefined || !differs(first.loadBalancer, groups, request)) return 0;
    const { id, name } = first.loadBalancer;
    const send = () => this.#cloud.octavia.loadBalancers.update(id, { vip_sg_ids: groups });
    await this.#lock.write(id, `set the security groups of the VIP of ${name}`, send, signal);
    return 1;
  }

  /** The security group of the members. */
  async #openMembers(
    { wanted, memberSecurityGroup }: LoadBalancerRequest,
    { loadBalancer }: LoadBalancerReading,
    signal: AbortSignal,
  ): Promise<MembersOpened> {
    const { neutron } = this.#cloud;
    try {
      const groups = new MemberSecurityGroups(neutron, this.#ownership, signal);
      if (memberSecurityGroup === undefined) {
        await groups.release(wanted.service);
        return { writes: 0, problems: [] };
      }
      const memberSubnetId = wanted.listeners[0]?.pool.members[0]?.subnetId;
      const place = {
        sourceSubnetId: memberSubnetId ?? loadBalancer.vip_subnet_id ?? '',
        ...(memberSubnetId !== undefined && { memberSubnetId }),
      };
      return await groups.ensure(wanted.service, memberSecurityGroup, place);
    } catch (error) {
      throw asLoadBalancerError(error, `set the security groups of ${wanted.name}`);
    }
  }

  /** Sets members of pools that are there, and has them reached; changes nothing else. */
  async setMembers(request: LoadBalancerRequest, signal: AbortSignal): Promise<void> {
    const { wanted } = request;
    const readings = await this.#observe(wanted.service, signal);
    const kept = readings.find(isUsable);
    if (kept === undefined) return;
    const writer = this.#writer(wanted, readings);
    for (const change of planMembers(wanted, this.#observed(readings))) {
      signal.throwIfAborted();
      this.#logger.info(`Service ${wanted.service}: ${describeChange(change)}`);
      await writer.write(change, signal);
    }
    if (request.memberSecurityGroup !== undefined) await this.#openMembers(request, kept, signal);
  }

  async release(service: ObjectKey, signal: AbortSignal): Promise<void> {
    for (const { id, name } of await this.#find(service, signal)) {
      this.#logger.info(`Service ${service}: delete load balancer ${id}`);
      const there = await this.#lock.settled(id, signal);
      if (there !== undefined) await this.#delete(id, name, signal);
    }
    try {
      await new MemberSecurityGroups(this.#cloud.neutron, this.#ownership, signal).release(service);
    } catch (error) {
      throw asLoadBalancerError(error, `delete the security group of the members of ${service}`);
    }
  }

  /** Of Services that have any. */
  async services(signal: AbortSignal): Promise<ReadonlyMap<ObjectKey, readonly OctaviaLoadBalancer[]>> {
    const all = await this.#list([this.#ownership.clusterTag], signal);
    const services = new Map<ObjectKey, OctaviaLoadBalancer[]>();
    for (const one of all) {
      const service = this.#ownership.serviceOf(one);
      if (service !== undefined) services.set(service, [...(services.get(service) ?? []), one]);
    }
    return services;
  }

  /** What there is for the Service, oldest first, none of it PENDING. */
  async #observe(service: ObjectKey, signal: AbortSignal): Promise<readonly LoadBalancerReading[]> {
    const readings: LoadBalancerReading[] = [];
    for (const { id } of await this.#find(service, signal)) {
      const there = await this.#lock.settled(id, signal);
      if (there === undefined) continue;
      try {
        readings.push(await readLoadBalancer(this.#cloud, there, { signal }));
      } catch (error) {
        throw asLoadBalancerError(error, `read load balancer ${there.name} (${id})`);
      }
    }
    return readings;
  }

  #observed(readings: readonly LoadBalancerReading[]): readonly ObservedLoadBalancer[] {
    return readings.map((reading) => observed(reading, this.#ownership));
  }

  async #find(service: ObjectKey, signal: AbortSignal): Promise<readonly OctaviaLoadBalancer[]> {
    const found = await this.#list(this.#ownership.search(service), signal);
    return found.filter((one) => this.#ownership.serviceOf(one) === service).sort(oldestFirst);
  }

  async #list(tags: readonly string[], signal: AbortSignal): Promise<readonly OctaviaLoadBalancer[]> {
    try {
      return await this.#cloud.octavia.loadBalancers.list({ tags }, { signal });
    } catch (error) {
      throw asLoadBalancerError(error, 'look for load balancers of this cluster');
    }
  }

  #writer(wanted: LoadBalancerRequest['wanted'], readings: readonly LoadBalancerReading[]): ChangeWriter {
    const kept = readings.find(isUsable);
    if (kept === undefined)
      throw new LoadBalancerNotReadyError(`load balancer ${wanted.name} is gone; it is made anew`);
    return new ChangeWriter(this.#cloud, this.#lock, this.#ownership, wanted, kept);
  }

  /** One that is to be replaced goes on while the other can't be had, with the members of today. */
  async #createBeside(
    there: LoadBalancerReading | undefined,
    request: LoadBalancerRequest,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#create(request, signal);
    } catch (error) {
      const isFinal = error instanceof LoadBalancerRefusedError || error instanceof LoadBalancerNotReadyError;
      if (there === undefined || !isFinal) throw error;
      await this.setMembers(request, signal);
      const { address } = request.wanted.vip;
      throw new LoadBalancerRefusedError(
        `load balancer ${request.wanted.name} goes on at ${there.loadBalancer.vip_address}, as none can be made at the VIP that the Service should have, ${address}: ${error.message}`,
        { cause: error },
      );
    }
  }

  /** One whose answer is lost is found by its tags when the Service is tried again. */
  async #create(request: LoadBalancerRequest, signal: AbortSignal): Promise<void> {
    const { wanted, projectId, securityGroups } = request;
    const { preferredAddress, ...vip } = wanted.vip;
    const doing = `create load balancer ${wanted.name}`;
    try {
      if (vip.portId !== undefined) await requireFreePort(this.#cloud, vip.portId, signal);
      const fields = loadBalancerFields(wanted, this.#ownership, projectId, securityGroups);
      const { id } = await this.#cloud.octavia.loadBalancers.create(fields, { signal });
      const made = await this.#lock.settled(id, signal, 'create load balancer');
      if (made?.provisioning_status !== 'ACTIVE') throw failedAfterwards(wanted.name, made);
    } catch (error) {
      if (preferredAddress === undefined || !(await this.#wasRefused(wanted.service, error, signal))) {
        throw asLoadBalancerError(error, doing);
      }
      this.#logger.warn(`${doing}: its address ${preferredAddress} can't be had any more; it gets another`);
      await this.#create({ ...request, wanted: { ...wanted, vip } }, signal);
    }
  }

  /** An address in use is a 500 of Octavia (measured), after which nobody knows what was made. */
  async #wasRefused(service: ObjectKey, error: unknown, signal: AbortSignal): Promise<boolean> {
    const text = error instanceof Error ? `${error.message} ${String(error.cause)}` : '';
    if (!/already allocated|not a valid IP|in use|ConflictException: 409/i.test(text)) return false;
    return !(error instanceof UnknownOutcomeError) || (await this.#find(service, signal)).length === 0;
  }

  async #delete(id: string, name: string, signal: AbortSignal): Promise<void> {
    const send = () => this.#cloud.octavia.loadBalancers.delete(id, { cascade: true });
    await this.#lock.write(id, `delete load balancer ${name} (${id})`, send, signal);
    const left = await this.#lock.settled(id, signal);
    if (left === undefined) return;
    throw new LoadBalancerNotReadyError(
      `load balancer ${name} (${id}) is still there after it was deleted, in ${left.provisioning_status}; it is tried again`,
    );
  }

  /** That the load balancer is ACTIVE says nothing of what is below it (measured). */
  #checkChildren(reading: LoadBalancerReading): void {
    const { loadBalancer } = reading;
    const bad = unsettled(reading, this.#ownership);
    if (bad.length === 0) return;
    throw new LoadBalancerRefusedError(
      `load balancer ${loadBalancer.name} (${loadBalancer.id}) is ACTIVE and ${bad.join(', ')} below it is not: what is in ERROR is written once more; what stays PENDING is a fault of Octavia before 12.0.0, where an administrator has to delete the load balancer`,
    );
  }
}

/** @param there undefined where it is gone */
function failedAfterwards(name: string, there: OctaviaLoadBalancer | undefined): LoadBalancerRefusedError {
  const state = there === undefined ? 'is gone' : `(${there.id}) is in ERROR`;
  return new LoadBalancerRefusedError(
    `load balancer ${name} ${state} after it was made: the reason is in the log of octavia-worker; it is made anew`,
  );
}

/** One in ERROR takes nothing but its deletion. */
function isUsable({ loadBalancer }: LoadBalancerReading): boolean {
  return loadBalancer.provisioning_status !== 'ERROR';
}
