import { isIPv6 } from 'node:net';
import {
  type Clock,
  ENDPOINTS,
  type Failure,
  keyOf,
  NODES,
  SERVICES,
  SYSTEM_CLOCK,
  type WatchedKind,
  WorkQueue,
} from '@kuryr-l7/kube';
import {
  type EndpointsLbaasDriver,
  type HandlerContext,
  hasCode,
  type KubernetesWriter,
  type Logger,
  type ObjectKey,
  type ObjectOf,
  PublicIpUnavailableError,
  type ServicePublicIpDriver,
} from '@kuryr-l7/plugin';
import {
  type ClusterObjects,
  type Compilation,
  type EndpointSlice,
  type LoadBalancer,
  type LoadBalancerSettings,
  type Node,
  SERVICE_FINALIZER,
  type Service,
  vipPlaceProblems,
} from '@kuryr-l7/service-load-balancer';
import { FirstSlices } from './first-slices.js';
import { LbaasStateAnnotation } from './lbaas-state-annotation.js';
import { LoadBalancerStatus, statusOf } from './load-balancer-status.js';
import { onNodeChange } from './node-changes.js';
import { PublicAddresses } from './public-addresses.js';
import { ResyncRounds } from './resync-rounds.js';
import { ServiceNotices } from './service-notices.js';
import { type PlacementDrivers, ServiceRequests } from './service-requests.js';
import { SoonerLooks } from './sooner-looks.js';
import { isVipOfAnother } from './vip-of-another.js';

/** Milliseconds between two looks at a load balancer that stays PENDING. */
const PENDING_LOOK = 5_000;

type ServiceObject = ObjectOf<typeof SERVICES>;
type NodeObject = ObjectOf<typeof NODES>;
type Wanted = Extract<Compilation, { readonly outcome: 'wanted' }>;

/** The drivers that load balancers of Services take. */
export interface LoadBalancerDrivers extends PlacementDrivers {
  readonly lbaas: EndpointsLbaasDriver;
  readonly publicIp: ServicePublicIpDriver;
}

export interface ServiceLoadBalancersOptions {
  readonly drivers: LoadBalancerDrivers;
  readonly kubernetes: KubernetesWriter;
  readonly logger: Logger;
  readonly settings: LoadBalancerSettings;
  /** Services worked on at once. */
  readonly workers: number;
  /** Milliseconds in which each Service is looked at again though nothing has changed. */
  readonly resyncPeriod: number;
  /** EndpointSlices of a Service. */
  readonly slicesOf: (service: ObjectKey) => readonly EndpointSlice[];
  /** Whether security groups of the nodes are managed; only where members are ports of nodes. */
  readonly managesSecurityGroups: boolean;
  readonly clock?: Clock;
}

/**
 * Services -> load balancers of their own. They are worked on by a queue of its own, as Octavia may take minutes for one,
 * and the pools of the router must not wait for that. A finalizer holds a Service until what it has is gone.
 */
export class ServiceLoadBalancers {
  readonly #options: ServiceLoadBalancersOptions;
  readonly #queue: WorkQueue;
  /** Services with something of ours, as far as this process knows. */
  readonly #served = new Set<ObjectKey>();
  readonly #requests: ServiceRequests;
  readonly #firstSlices: FirstSlices;
  readonly #looks: SoonerLooks;
  readonly #addresses: PublicAddresses;
  readonly #state: LbaasStateAnnotation;
  readonly #status: LoadBalancerStatus;
  readonly #notices: ServiceNotices;
  readonly #rounds: ResyncRounds;
  readonly #unsubscribe: (() => void)[] = [];
  #services: WatchedKind<ServiceObject> | undefined;
  #nodes: WatchedKind<NodeObject> | undefined;

  constructor(options: ServiceLoadBalancersOptions) {
    const { clock = SYSTEM_CLOCK } = options;
    this.#options = options;
    this.#firstSlices = new FirstSlices(clock);
    this.#looks = new SoonerLooks(options.resyncPeriod, clock);
    this.#requests = new ServiceRequests(options.drivers, options.settings, options.managesSecurityGroups);
    this.#addresses = new PublicAddresses(options.drivers.publicIp);
    this.#state = new LbaasStateAnnotation(options.kubernetes, (key) => this.add(key));
    this.#queue = new WorkQueue({
      name: 'lb/load-balancers',
      concurrency: options.workers,
      initialBackoff: 1_000,
      clock,
      process: (key, signal) => this.#tryOnce(key, signal),
      onError: (key, error, retryIn) => this.#notices.failed(key, this.#services?.store.get(key), error, retryIn),
    });
    this.#notices = new ServiceNotices(options.kubernetes, options.logger, clock);
    this.#status = new LoadBalancerStatus(options.kubernetes, this.#notices);
    this.#rounds = new ResyncRounds({
      period: options.resyncPeriod,
      survey: (signal) => this.#survey(signal),
      lookAgain: (key) => this.#lookAgain(key),
      isBusy: () => this.#queue.depth > 0,
      logger: options.logger,
      clock,
    });
  }

  start(context: HandlerContext): void {
    this.#services = context.watch(SERVICES);
    if (!this.#isServing) return;
    const endpoints = context.watch(ENDPOINTS);
    this.#state.start(endpoints);
    this.#unsubscribe.push(
      endpoints.subscribe(({ type, object, previous }) => {
        // The annotation moves there when they come.
        if (type === 'present' && previous === undefined && this.#served.has(keyOf(object))) this.add(keyOf(object));
      }),
    );
    if (this.#options.settings.memberMode !== 'nodeport') return;
    this.#nodes = context.watch(NODES);
    this.#unsubscribe.push(
      onNodeChange(this.#nodes, () => {
        for (const key of this.#served) this.#queue.add(key);
      }),
    );
  }

  /** Every Service is in the store: begins, also with what may be left of Services that went while nobody watched. */
  synced(): void {
    this.#queue.start();
    if (this.#isServing) this.#rounds.start();
  }

  add(key: ObjectKey): void {
    if (this.#isServing || this.#isLeaving(key)) this.#queue.add(key);
  }

  /** For a Service that is gone from the store; its finalizer has seen to it unless somebody took that off. */
  removed(key: ObjectKey): void {
    this.#queue.add(key);
  }

  /** Services whose load balancer could not be made as wanted. Those that can't have what they ask for are not among them. */
  get failing(): readonly Failure[] {
    return this.#notices.failing;
  }

  /** Lets writes under way end. */
  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#state.stop();
    await Promise.all([this.#rounds.stop(), this.#queue.stop()]);
  }

  /** False where `lb_service_types` is empty (again): what was made stays then, and goes with its Service. */
  get #isServing(): boolean {
    return this.#options.settings.serviceTypes.length > 0;
  }

  #isLeaving(key: ObjectKey): boolean {
    const service = this.#services?.store.get(key);
    return service?.metadata.deletionTimestamp !== undefined && holdsFinalizer(service);
  }

  /** Those that are gone, and those that need care, don't wait for their turn. */
  async #survey(signal: AbortSignal): Promise<readonly ObjectKey[]> {
    for (const { service, needsCare } of await this.#options.drivers.lbaas.survey(signal)) {
      this.#served.add(service);
      if (needsCare || this.#services?.store.get(service) === undefined) this.#lookAgain(service);
    }
    return [...this.#served];
  }

  #lookAgain(key: ObjectKey): void {
    this.#addresses.lookAgain(key);
    this.#queue.add(key);
  }

  /** A load balancer that is PENDING fails nothing: its pace is not that of errors, and no worker waits for it. */
  async #tryOnce(key: ObjectKey, signal: AbortSignal): Promise<void> {
    try {
      await this.#process(key, signal);
      this.#notices.succeeded(key);
    } catch (error) {
      if (!hasCode(error, 'ERR_LOAD_BALANCER_PENDING')) throw error;
      this.#options.logger.debug(`Service ${key} waits: ${error.message}`);
      this.#queue.addAfter(key, PENDING_LOOK);
    }
  }

  async #process(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const service = this.#services?.store.get(key);
    if (service === undefined) {
      this.#firstSlices.forget(key);
      this.#looks.forget(key);
      this.#notices.forget(key);
      this.#state.forget(key);
      if (this.#served.has(key)) await this.#release(key, undefined, signal);
      return;
    }
    const objects = { slices: this.#options.slicesOf(key), nodes: [...(this.#nodes?.store.values() ?? [])] as Node[] };
    const compilation = await this.#compile(service, objects, signal);
    const holds = holdsFinalizer(service);
    if (service.metadata.deletionTimestamp !== undefined) {
      if (holds) await this.#release(key, service, signal);
      return;
    }
    this.#notices.problems(key, service, 'asked', compilation.problems);
    if (compilation.outcome === 'wanted') {
      const { loadBalancer } = compilation;
      const isFree = !isVipOfAnother(service, loadBalancer.vip, this.#services?.store.values() ?? []);
      if (isFree) {
        const wait = this.#firstSlices.wait(key, service as Service, loadBalancer, objects.slices.length);
        return wait > 0 ? this.#queue.addAfter(key, wait) : this.#serve(key, service, compilation, signal);
      }
      if (holds) await this.#tryToKeepMembers(service, loadBalancer, signal);
      throw new PublicIpUnavailableError(
        `spec.loadBalancerIP ${loadBalancer.vip.address} is the address of another Service: ask for another one, or for none`,
      );
    }
    if (!holds && !this.#served.has(key)) return;
    if (compilation.outcome === 'refused') return this.#keepMembers(service, compilation.loadBalancer, signal);
    await this.#release(key, service, signal);
  }

  /** Where no subnet can be found for a new VIP, what is there has its own, and follows endpoints all the same. */
  async #compile(service: ServiceObject, objects: ClusterObjects, signal: AbortSignal): Promise<Compilation> {
    try {
      return await this.#requests.compile(service, objects, signal);
    } catch (error) {
      const there = this.#requests.compileUnplaced(service, objects);
      const isKept = there.outcome !== 'none' && holdsFinalizer(service);
      if (isKept) await this.#tryToKeepMembers(service, there.loadBalancer, signal);
      throw error;
    }
  }

  async #serve(key: ObjectKey, service: ServiceObject, wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { drivers, kubernetes } = this.#options;
    this.#served.add(key);
    // Before anything is made, so that whatever is made is taken back.
    if (!(await kubernetes.setFinalizer(SERVICES, service, SERVICE_FINALIZER, true, signal))) return;
    const { loadBalancer, keepsPublicAddress } = wanted;
    const request = await this.#requests.request(service, loadBalancer, signal);
    const report = await drivers.lbaas.ensureLoadBalancer(request, signal);
    const { projectId } = request;
    // Neutron has floating IPs of IPv4 only, as OCCM has it, too.
    const publicAddress = isIPv6(report.vipAddress) ? undefined : wanted.publicAddress;
    const asked = { service, projectId, publicAddress, keepsPublicAddress, report };
    const info = await this.#addresses.ensure(key, asked, signal).catch(async (error: unknown) => {
      const isRefused = hasCode(error, 'ERR_PUBLIC_IP_UNAVAILABLE');
      if (isRefused && (await this.#addresses.hasLost(key, asked, signal))) await this.#status.set(service, [], signal);
      throw error;
    });
    const address = info?.ip_addr ?? report.vipAddress;
    await this.#status.set(service, statusOf(service as Service, wanted, address), signal);
    await this.#state.write(service, { ...report.state, service_pub_ip_info: info ?? null }, signal);
    this.#notices.problems(key, service, 'there', [
      ...vipPlaceProblems(service as Service, this.#options.settings, report),
      ...this.#addresses.problems(key, wanted.publicAddress),
      ...(report.problems ?? []),
    ]);
    if (report.writes > 0) this.#notices.inEffect(service, address, report.writes);
    const again = this.#looks.next(key, report.problems ?? []);
    if (again !== undefined) this.#queue.addAfter(key, again);
  }

  /** A Service that asks for something that it can't have goes on with what it has, and with the members of today. */
  async #keepMembers(service: ServiceObject, loadBalancer: LoadBalancer, signal: AbortSignal): Promise<void> {
    await this.#options.drivers.lbaas.setMembers(await this.#requests.request(service, loadBalancer, signal), signal);
  }

  /** The same after a failure, which is what is told, whatever becomes of this. */
  async #tryToKeepMembers(service: ServiceObject, loadBalancer: LoadBalancer, signal: AbortSignal): Promise<void> {
    await this.#keepMembers(service, loadBalancer, signal).catch((error: unknown) => {
      this.#options.logger.debug(`Service ${loadBalancer.service}: members of what is there: ${String(error)}`);
    });
  }

  async #release(key: ObjectKey, service: ServiceObject | undefined, signal: AbortSignal): Promise<void> {
    const { drivers, kubernetes } = this.#options;
    await this.#addresses.letGo(key, service, signal);
    await drivers.lbaas.releaseLoadBalancer(key, signal);
    this.#served.delete(key);
    this.#looks.forget(key);
    if (service === undefined) return;
    this.#notices.problems(key, service, 'there', []);
    if (service.metadata.deletionTimestamp === undefined) {
      await this.#state.write(service, null, signal);
      // While the finalizer is there: without it nobody would try again, and another controller may have written the status.
      if (holdsFinalizer(service)) await this.#status.clear(service, signal);
    }
    this.#notices.released(service);
    await kubernetes.setFinalizer(SERVICES, service, SERVICE_FINALIZER, false, signal);
  }
}

function holdsFinalizer({ metadata }: ServiceObject): boolean {
  return metadata.finalizers?.includes(SERVICE_FINALIZER) === true;
}
