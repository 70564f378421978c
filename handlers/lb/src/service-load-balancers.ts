import { ENDPOINTS, keyOf, NODES, SERVICES, type WatchedKind, WorkQueue } from '@kuryr-l7/kube';
import { formatPayload, LBAAS_STATE } from '@kuryr-l7/kuryr-objects';
import type {
  EndpointsLbaasDriver,
  HandlerContext,
  KubernetesWriter,
  Logger,
  ObjectKey,
  ObjectOf,
  ServiceProjectDriver,
  ServicePublicIpDriver,
  ServiceSecurityGroupsDriver,
  ServiceSubnetsDriver,
} from '@kuryr-l7/plugin';
import {
  type Compilation,
  compileLoadBalancer,
  type EndpointSlice,
  type LoadBalancerSettings,
  memberSecurityGroup,
  type Node,
  type Problem,
  type Service,
} from '@kuryr-l7/service-load-balancer';
import { LbaasStateAnnotation } from './lbaas-state-annotation.js';
import { isStatus, type StatusEntry, statusOf } from './load-balancer-status.js';
import { PublicAddresses } from './public-addresses.js';

export const SERVICE_FINALIZER = 'kuryr.openstack.org/service-finalizer';

type ServiceObject = ObjectOf<typeof SERVICES>;
type NodeObject = ObjectOf<typeof NODES>;
type Wanted = Extract<Compilation, { readonly outcome: 'wanted' }>;

/** The drivers that load balancers of Services take. */
export interface LoadBalancerDrivers {
  readonly lbaas: EndpointsLbaasDriver;
  readonly publicIp: ServicePublicIpDriver;
  readonly project: ServiceProjectDriver;
  readonly subnets: ServiceSubnetsDriver;
  readonly securityGroups: ServiceSecurityGroupsDriver;
}

export interface ServiceLoadBalancersOptions {
  readonly drivers: LoadBalancerDrivers;
  readonly kubernetes: KubernetesWriter;
  readonly logger: Logger;
  /** Read again for each Service: kuryr.conf may have changed. */
  readonly settings: () => LoadBalancerSettings;
  /** Services worked on at once. */
  readonly workers: number;
  /** Milliseconds after which a public address is looked at again though nothing has changed. */
  readonly resyncPeriod: number;
  /** EndpointSlices of a Service. */
  readonly slicesOf: (service: ObjectKey) => readonly EndpointSlice[];
  /** Whether security groups of the nodes are managed; only where members are ports of nodes. */
  readonly managesSecurityGroups: () => boolean;
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
  readonly #addresses: PublicAddresses;
  readonly #state: LbaasStateAnnotation;
  /** Problems that each Service was told last. */
  readonly #told = new Map<ObjectKey, string>();
  readonly #unsubscribe: (() => void)[] = [];
  readonly #stopping = new AbortController();
  #services: WatchedKind<ServiceObject> | undefined;
  #nodes: WatchedKind<NodeObject> | undefined;

  constructor(options: ServiceLoadBalancersOptions) {
    this.#options = options;
    this.#addresses = new PublicAddresses(options.drivers.publicIp, options.resyncPeriod);
    this.#state = new LbaasStateAnnotation(options.kubernetes);
    this.#queue = new WorkQueue({
      name: 'lb/load-balancers',
      concurrency: options.workers,
      initialBackoff: 1_000,
      process: (key, signal) => this.#process(key, signal),
      onError: (key, error, retryIn) => this.#failed(key, error, retryIn),
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
    if (this.#options.settings().memberMode !== 'nodeport') return;
    this.#nodes = context.watch(NODES);
    this.#unsubscribe.push(
      this.#nodes.subscribe(({ type, object, previous }) => {
        // Nodes tell that they live all the time.
        if (type === 'present' && previous !== undefined && nodeText(previous) === nodeText(object)) return;
        for (const key of this.#served) this.#queue.add(key);
      }),
    );
  }

  /** Every Service is in the store: begins, with what may be left of Services that went while nobody watched. */
  synced(): void {
    this.#queue.start();
    if (!this.#isServing) return;
    this.#findLeftBehind().catch((error: unknown) => {
      this.#options.logger.warn(`load balancers of Services that are gone could not be looked for: ${reasonOf(error)}`);
    });
  }

  add(key: ObjectKey): void {
    if (this.#isServing || this.#isLeaving(key)) this.#queue.add(key);
  }

  /** For a Service that is gone from the store; its finalizer has seen to it unless somebody took that off. */
  removed(key: ObjectKey): void {
    if (this.#served.has(key)) this.#queue.add(key);
  }

  /** Lets writes under way end. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#queue.stop();
  }

  /** False where `lb_service_types` is empty (again): what was made stays then, and goes with its Service. */
  get #isServing(): boolean {
    return this.#options.settings().serviceTypes.length > 0;
  }

  #isLeaving(key: ObjectKey): boolean {
    const metadata = this.#services?.store.get(key)?.metadata;
    return metadata?.deletionTimestamp !== undefined && metadata.finalizers?.includes(SERVICE_FINALIZER) === true;
  }

  async #findLeftBehind(): Promise<void> {
    const there = await this.#options.drivers.lbaas.servicesWithLoadBalancer(this.#stopping.signal);
    for (const key of there) {
      this.#served.add(key);
      if (this.#services?.store.get(key) === undefined) this.#queue.add(key);
    }
  }

  async #process(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const service = this.#services?.store.get(key);
    if (service === undefined) {
      this.#told.delete(key);
      if (this.#served.has(key)) await this.#release(key, undefined, signal);
      return;
    }
    const compilation = await this.#compile(key, service, signal);
    const holds = service.metadata.finalizers?.includes(SERVICE_FINALIZER) === true;
    if (service.metadata.deletionTimestamp !== undefined) {
      if (holds) await this.#release(key, service, signal);
      return;
    }
    this.#tell(key, service, compilation.problems);
    if (compilation.outcome === 'wanted') return this.#serve(key, service, compilation, signal);
    if (compilation.outcome === 'refused' || !holds) return;
    await this.#release(key, service, signal);
    if (compilation.outcome === 'none' && !isStatus(service as Service, [])) {
      await this.#options.kubernetes.patchStatus(SERVICES, service, { loadBalancer: { ingress: null } }, signal);
    }
  }

  async #compile(key: ObjectKey, service: ServiceObject, signal: AbortSignal): Promise<Compilation> {
    const { drivers, slicesOf, settings } = this.#options;
    const configured = settings();
    const objects = { slices: slicesOf(key), nodes: [...(this.#nodes?.store.values() ?? [])] as readonly Node[] };
    const first = compileLoadBalancer(service as Service, objects, configured);
    const isLeaving = service.metadata.deletionTimestamp !== undefined;
    if (first.outcome !== 'wanted' || isLeaving || hasPlace(first)) return first;
    const projectId = await drivers.project.getProject(service, signal);
    const subnets = await drivers.subnets.getSubnets(service, projectId, signal);
    const version = service.spec?.clusterIP?.includes(':') === true ? 6 : 4;
    const subnet = subnets.find(({ ip_version }) => ip_version === version) ?? subnets[0];
    if (subnet === undefined) return first;
    const vipFamily = subnet.ip_version === 6 ? 'IPv6' : 'IPv4';
    return compileLoadBalancer(service as Service, objects, { ...configured, vipSubnetId: subnet.id, vipFamily });
  }

  async #serve(key: ObjectKey, service: ServiceObject, wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { drivers, kubernetes } = this.#options;
    this.#served.add(key);
    // Before anything is made, so that whatever is made is taken back.
    if (!(await kubernetes.setFinalizer(SERVICES, service, SERVICE_FINALIZER, true, signal))) return;
    const projectId = await drivers.project.getProject(service, signal);
    const securityGroups = await drivers.securityGroups.getSecurityGroups(service, projectId, signal);
    const { loadBalancer, publicAddress } = wanted;
    const { memberMode, clusterId } = this.#options.settings();
    const isManaged = memberMode === 'nodeport' && this.#options.managesSecurityGroups();
    const opened = isManaged ? { memberSecurityGroup: memberSecurityGroup(loadBalancer, clusterId) } : {};
    const request = { wanted: loadBalancer, projectId, securityGroups, ...opened };
    const report = await drivers.lbaas.ensureLoadBalancer(request, signal);
    const info = await this.#addresses.ensure(key, { service, projectId, publicAddress, report }, signal);
    const state = formatPayload(LBAAS_STATE, { ...report.state, service_pub_ip_info: info ?? null });
    await this.#state.write(service, state, signal);
    const address = info?.ip_addr ?? report.vipAddress;
    await this.#report(service, statusOf(service as Service, wanted, address), signal);
    if (report.writes === 0) return;
    const note = `The load balancer is in effect at ${address} (${report.writes} ${report.writes === 1 ? 'write' : 'writes'})`;
    kubernetes.event(SERVICES, service, { type: 'Normal', reason: 'KuryrEnsuredLB', action: 'Balancing', note });
  }

  /** A write of the status wakes the handler again, which then finds nothing to do. */
  async #report(service: ServiceObject, entries: readonly StatusEntry[], signal: AbortSignal): Promise<void> {
    if (service.spec?.type !== 'LoadBalancer' || isStatus(service as Service, entries)) return;
    await this.#options.kubernetes.patchStatus(SERVICES, service, { loadBalancer: { ingress: entries } }, signal);
  }

  async #release(key: ObjectKey, service: ServiceObject | undefined, signal: AbortSignal): Promise<void> {
    const { drivers, kubernetes } = this.#options;
    await this.#addresses.letGo(key, service, signal);
    await drivers.lbaas.releaseLoadBalancer(key, signal);
    this.#served.delete(key);
    if (service === undefined) return;
    if (service.metadata.deletionTimestamp === undefined) {
      await this.#state.write(service, null, signal);
    }
    const note = 'The load balancer and what belongs to it are deleted';
    kubernetes.event(SERVICES, service, { type: 'Normal', reason: 'KuryrReleaseLB', action: 'Balancing', note });
    await kubernetes.setFinalizer(SERVICES, service, SERVICE_FINALIZER, false, signal);
  }

  /** Once, until something else is wrong: many Services have no load balancer for a good reason. */
  #tell(key: ObjectKey, service: ServiceObject, problems: readonly Problem[]): void {
    const text = JSON.stringify(problems);
    if ((this.#told.get(key) ?? '[]') === text) return;
    this.#told.set(key, text);
    for (const { reason, field, message } of problems) {
      const type = reason === 'ServedByAnotherController' ? 'Normal' : 'Warning';
      const note = `${field}: ${message}`;
      this.#options.kubernetes.event(SERVICES, service, { type, reason, action: 'Balancing', note });
    }
  }

  #failed(key: ObjectKey, error: unknown, retryIn: number): void {
    const note = `${reasonOf(error)}; tried again in ${(retryIn / 1_000).toFixed(1)} s`;
    const service = this.#services?.store.get(key);
    this.#options.logger.warn(`load balancer of Service ${key}: ${note}`);
    if (service === undefined) return;
    const event = {
      type: 'Warning',
      reason: 'KuryrEnsureLBError',
      action: 'Balancing',
      note: reasonOf(error),
    } as const;
    this.#options.kubernetes.event(SERVICES, service, event);
  }
}

/** Whether annotations say where the VIP is, so that nobody else is asked. */
function hasPlace({ loadBalancer: { vip } }: Wanted): boolean {
  return vip.portId !== undefined || vip.networkId !== undefined || vip.subnetId !== undefined;
}

/** What of a node decides whether and how it is a member. */
function nodeText({ metadata, spec, status }: NodeObject): string {
  const ready = (status?.conditions ?? []).find(({ type }) => type === 'Ready')?.status;
  return JSON.stringify([metadata.labels, metadata.deletionTimestamp, spec?.taints, status?.addresses, ready]);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
