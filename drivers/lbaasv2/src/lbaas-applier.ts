import { type Clock, type Logger, SYSTEM_CLOCK } from '@kuryr-l7/kube';
import {
  type Cloud,
  ConnectionError,
  NoAnswerError,
  type LoadBalancer as OctaviaLoadBalancer,
  PollingPace,
  UnknownOutcomeError,
} from '@kuryr-l7/openstack';
import {
  ConfigurationError,
  KuryrError,
  LoadBalancerPendingError,
  type LoadBalancerReport,
  type LoadBalancerRequest,
  type ObjectKey,
} from '@kuryr-l7/plugin';
import {
  describeChange,
  type ObservedLoadBalancer,
  planLoadBalancer,
  planMembers,
} from '@kuryr-l7/service-load-balancer';
import { asLoadBalancerError, LoadBalancerNotReadyError, LoadBalancerRefusedError } from './errors.js';
import { kuryrState } from './reading/kuryr-state.js';
import { type LoadBalancerReading, observed, unsettled } from './reading/load-balancer-reading.js';
import { ServiceReadings } from './reading/service-readings.js';
import { MemberSecurityGroups } from './security-groups/member-security-groups.js';
import { VipSecurityGroups } from './security-groups/vip-security-groups.js';
import { ServiceOwnership } from './service-ownership.js';
import { ChangeWriter } from './writing/change-writer.js';
import { LoadBalancerLock } from './writing/load-balancer-lock.js';
import { loadBalancerFields } from './writing/octavia-fields.js';
import { PendingLoadBalancers } from './writing/pending-load-balancers.js';
import { requireFreePort } from './writing/vip-port.js';

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

/** What a Service has when it is as wanted. */
interface Converged {
  readonly reading: LoadBalancerReading;
  readonly groups: readonly string[] | undefined;
  readonly writes: number;
}

/** Observes what a Service has in Octavia, plans, and writes; every call starts from what is there. */
export class LbaasApplier {
  readonly #cloud: Cloud;
  readonly #logger: Logger;
  readonly #ownership: ServiceOwnership;
  readonly #lock: LoadBalancerLock;
  readonly #readings: ServiceReadings;
  readonly #vipGroups: VipSecurityGroups;

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
    this.#readings = new ServiceReadings(cloud, this.#lock, this.#ownership);
    this.#vipGroups = new VipSecurityGroups(cloud.octavia, this.#lock);
  }

  /**
   * What serves goes on with the endpoints of today also where the Service can't have what it asks for, or not yet.
   * @throws LoadBalancerPendingError, LoadBalancerNotReadyError, LoadBalancerRefusedError, ConfigurationError
   */
  async ensure(request: LoadBalancerRequest, signal: AbortSignal): Promise<LoadBalancerReport> {
    const found = await this.#readings.find(request.wanted.service, signal);
    const { reading, groups, writes } = await this.#converge(request, found, signal).catch(async (error: unknown) => {
      if (isAnswered(error)) await this.#serve(request, found, error, signal);
      throw error;
    });
    const { loadBalancer } = reading;
    const opened = await this.#memberGroups(signal).open(request, loadBalancer);
    return {
      vipAddress: loadBalancer.vip_address,
      vipPortId: loadBalancer.vip_port_id,
      vipSubnetId: loadBalancer.vip_subnet_id ?? undefined,
      vipNetworkId: loadBalancer.vip_network_id ?? undefined,
      state: kuryrState(reading, this.#ownership, groups),
      writes: writes + opened.writes,
      problems: opened.problems,
    };
  }

  /** Sets members of pools that are there, and has them reached; changes nothing else. @throws as `ensure` */
  async setMembers(request: LoadBalancerRequest, signal: AbortSignal): Promise<void> {
    const found = await this.#readings.find(request.wanted.service, signal);
    const there = await this.#usable(found, signal);
    if (there !== undefined) await this.#follow(request, there, signal);
  }

  async release(service: ObjectKey, signal: AbortSignal): Promise<void> {
    for (const { id, name } of await this.#readings.find(service, signal)) {
      const there = await this.#lock.settled(id, signal);
      if (there === undefined) continue;
      this.#logger.info(`Service ${service}: delete load balancer ${id}`);
      await this.#delete(id, name, signal);
    }
    await this.#memberGroups(signal).release(service);
  }

  /** Of Services that have any. */
  services(signal: AbortSignal): Promise<ReadonlyMap<ObjectKey, readonly OctaviaLoadBalancer[]>> {
    return this.#readings.services(signal);
  }

  async #converge(
    request: LoadBalancerRequest,
    found: readonly OctaviaLoadBalancer[],
    signal: AbortSignal,
  ): Promise<Converged> {
    const { wanted } = request;
    let readings = await this.#readings.settled(found, signal);
    const groups = await this.#vipGroups.of(request, signal);
    const there = readings.find(isUsable);
    let writes = 0;
    // Before listeners are open to some clients only, which Octavia takes without groups alone.
    if (groups?.length === 0 && there !== undefined) {
      writes += await this.#vipGroups.set(groups, request, there.loadBalancer, signal);
    }
    const plan = planLoadBalancer(wanted, this.#observed(readings));
    let writer: ChangeWriter | undefined;
    for (const change of plan) {
      signal.throwIfAborted();
      this.#logger.info(`Service ${wanted.service}: ${describeChange(change)}`);
      if (change.type === 'deleteLoadBalancer') {
        await this.#delete(change.id, wanted.name, signal);
        readings = readings.filter(({ loadBalancer }) => loadBalancer.id !== change.id);
      } else if (change.type === 'createLoadBalancer') {
        const made = { ...request, wanted: change.loadBalancer, securityGroups: groups ?? [] };
        await this.#createBeside(readings.find(isUsable), made, signal);
      } else {
        writer ??= this.#writer(wanted, readings.find(isUsable));
        await writer.write(change, signal);
      }
      // A trial is made and deleted again.
      writes += change.type === 'tryListener' ? 2 : 1;
    }
    if (plan.length > 0) {
      readings = await this.#readings.settled(await this.#readings.find(wanted.service, signal), signal);
    }
    const [reading] = readings;
    if (reading === undefined || !isUsable(reading)) throw failedAfterwards(wanted.name, reading?.loadBalancer);
    this.#checkChildren(reading);
    if (groups !== undefined && groups.length > 0) {
      writes += await this.#vipGroups.set(groups, request, reading.loadBalancer, signal);
    }
    return { reading, groups, writes };
  }

  /** After a failure, which is what is told; but nothing is told of a wait, and so of another failure beside it. */
  async #serve(
    request: LoadBalancerRequest,
    found: readonly OctaviaLoadBalancer[],
    failure: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const isWaiting = failure instanceof LoadBalancerPendingError;
    try {
      const there = await (isWaiting ? this.#readings.active(found, signal) : this.#usable(found, signal));
      if (there !== undefined) await this.#follow(request, there, signal);
    } catch (error) {
      if (!(error instanceof KuryrError) || (isWaiting && error instanceof LoadBalancerNotReadyError)) throw error;
      this.#logger.debug(`Service ${request.wanted.service}: members of what serves: ${error.message}`);
    }
  }

  async #follow(request: LoadBalancerRequest, there: LoadBalancerReading, signal: AbortSignal): Promise<void> {
    const { wanted, memberSecurityGroup } = request;
    const writer = this.#writer(wanted, there);
    const before = observed(there, this.#ownership);
    for (const change of planMembers(wanted, [before])) {
      signal.throwIfAborted();
      this.#logger.info(`Service ${wanted.service}: ${describeChange(change)}`);
      await writer.write(change, signal);
    }
    if (memberSecurityGroup === undefined) return;
    const members = before.pools.flatMap((pool) => (pool.key === undefined ? [] : pool.members));
    await this.#memberGroups(signal).open(request, there.loadBalancer, members[0]);
  }

  async #usable(found: readonly OctaviaLoadBalancer[], signal: AbortSignal): Promise<LoadBalancerReading | undefined> {
    return (await this.#readings.active(found, signal)) ?? (await this.#readings.settled(found, signal)).find(isUsable);
  }

  #memberGroups(signal: AbortSignal): MemberSecurityGroups {
    return new MemberSecurityGroups(this.#cloud.neutron, this.#ownership, signal);
  }

  #observed(readings: readonly LoadBalancerReading[]): readonly ObservedLoadBalancer[] {
    return readings.map((reading) => observed(reading, this.#ownership));
  }

  #writer(wanted: LoadBalancerRequest['wanted'], kept: LoadBalancerReading | undefined): ChangeWriter {
    if (kept === undefined)
      throw new LoadBalancerNotReadyError(`load balancer ${wanted.name} is gone; it is made anew`);
    return new ChangeWriter(this.#cloud, this.#lock, this.#ownership, wanted, kept);
  }

  /** One that is to be replaced goes on while the other can't be had. */
  async #createBeside(
    there: LoadBalancerReading | undefined,
    request: LoadBalancerRequest,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#create(request, there !== undefined, signal);
    } catch (error) {
      const isFinal = error instanceof LoadBalancerRefusedError || error instanceof LoadBalancerNotReadyError;
      if (there === undefined || !isFinal) throw error;
      const { address } = request.wanted.vip;
      throw new LoadBalancerRefusedError(
        `load balancer ${request.wanted.name} goes on at ${there.loadBalancer.vip_address}, as none can be made at the VIP that the Service should have, ${address}: ${error.message}`,
        { cause: error },
      );
    }
  }

  /**
   * One whose answer is lost is found by its tags when the Service is tried again.
   * @param isBeside another one serves, and has to follow endpoints meanwhile: it is not waited for long
   */
  async #create(request: LoadBalancerRequest, isBeside: boolean, signal: AbortSignal): Promise<void> {
    const { wanted, projectId, securityGroups } = request;
    const { preferredAddress, ...vip } = wanted.vip;
    const doing = `create load balancer ${wanted.name}`;
    try {
      if (vip.portId !== undefined) await requireFreePort(this.#cloud, vip.portId, signal);
      const fields = loadBalancerFields(wanted, this.#ownership, projectId, securityGroups);
      const { id } = await this.#cloud.octavia.loadBalancers.create(fields, { signal });
      const made = await this.#lock.settled(id, signal, isBeside ? undefined : 'create load balancer');
      if (made?.provisioning_status !== 'ACTIVE') throw failedAfterwards(wanted.name, made);
    } catch (error) {
      if (preferredAddress === undefined || !(await this.#wasRefused(wanted.service, error, signal))) {
        throw asLoadBalancerError(error, doing);
      }
      this.#logger.warn(`${doing}: its address ${preferredAddress} can't be had any more; it gets another`);
      await this.#create({ ...request, wanted: { ...wanted, vip } }, isBeside, signal);
    }
  }

  /** An address in use is a 500 of Octavia (measured), after which nobody knows what was made. */
  async #wasRefused(service: ObjectKey, error: unknown, signal: AbortSignal): Promise<boolean> {
    const text = error instanceof Error ? `${error.message} ${String(error.cause)}` : '';
    if (!/already allocated|not a valid IP|in use|ConflictException: 409/i.test(text)) return false;
    return !(error instanceof UnknownOutcomeError) || (await this.#readings.find(service, signal)).length === 0;
  }

  async #delete(id: string, name: string, signal: AbortSignal): Promise<void> {
    const send = () => this.#cloud.octavia.loadBalancers.delete(id, { cascade: true });
    await this.#lock.write(id, `delete load balancer ${name} (${id})`, send, signal, 'delete load balancer');
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

/** Whether something else may be asked for: more questions to who gives no answer only hold a worker longer. */
function isAnswered(error: unknown): boolean {
  if (!(error instanceof KuryrError) || error instanceof ConfigurationError) return false;
  const cause = error.cause instanceof UnknownOutcomeError ? error.cause.cause : error.cause;
  return !(cause instanceof NoAnswerError) && !(cause instanceof ConnectionError);
}

/** One in ERROR takes nothing but its deletion. */
function isUsable({ loadBalancer }: LoadBalancerReading): boolean {
  return loadBalancer.provisioning_status !== 'ERROR';
}
