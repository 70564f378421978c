import {
  type Clock,
  ENDPOINTS,
  type EventNote,
  KubernetesApiError,
  type KubernetesObject,
  type KubernetesWriter,
  keyOf,
  NODES,
  type ObjectKey,
  type ResourceKind,
  SERVICES,
  SILENT_LOGGER,
  type StoreEvent,
  SYSTEM_CLOCK,
  type WatchedKind,
} from '@kuryr-l7/kube';
import type { HandlerContext, LoadBalancerReport, LoadBalancerRequest, ObjectOf } from '@kuryr-l7/plugin';
import {
  DEFAULT_LOAD_BALANCER_SETTINGS,
  type EndpointSlice,
  type LoadBalancerSettings,
  type Problem,
  SERVICE_FINALIZER,
} from '@kuryr-l7/service-load-balancer';
import { type LoadBalancerDrivers, ServiceLoadBalancers } from './service-load-balancers.js';

type ServiceObject = ObjectOf<typeof SERVICES>;
type Listener = (event: StoreEvent<KubernetesObject>) => void;

const SETTINGS: LoadBalancerSettings = {
  ...DEFAULT_LOAD_BALANCER_SETTINGS,
  clusterId: 'c1',
  serviceTypes: ['LoadBalancer'],
  permittedAnnotations: [],
};

const VIP = '203.0.113.7';

/** Service `shop/web` of type LoadBalancer with port 80. */
export function web(spec: object = {}, metadata: object = {}): ServiceObject {
  return {
    metadata: { namespace: 'shop', name: 'web', ...metadata },
    spec: { type: 'LoadBalancer', clusterIP: '10.96.0.7', ports: [{ port: 80, targetPort: 8080 }], ...spec },
  } as ServiceObject;
}

/** The same with a load balancer of ours, whose address its status says. */
export function servedWeb(spec: object = {}, otherFinalizers: readonly string[] = []): ServiceObject {
  const served = web(spec, { finalizers: [SERVICE_FINALIZER, ...otherFinalizers] });
  return { ...served, status: { loadBalancer: { ingress: [{ ip: VIP }] } } } as ServiceObject;
}

/** Load balancers of Services in a cluster of plain objects, with drivers that do as they are told. */
export class FakedCluster {
  readonly services = new Map<ObjectKey, ServiceObject>();
  readonly nodes = new Map<ObjectKey, KubernetesObject>();
  readonly endpoints = new Map<ObjectKey, KubernetesObject>();
  /** Kinds of the objects whose annotations were written, with `-` where they were taken off. */
  readonly annotated: string[] = [];
  /** Of all Services. */
  readonly slices: EndpointSlice[] = [];
  readonly events: EventNote[] = [];
  /** What was done, in its order. */
  readonly done: string[] = [];
  readonly requests: LoadBalancerRequest[] = [];
  /** Services that have a load balancer when all are looked at. */
  readonly surveyed = new Set<ObjectKey>();
  /** Services that are gone, which the watch has not told yet. */
  readonly gone = new Set<ObjectKey>();
  /** Finalizers of the Service at each request for a load balancer. */
  readonly finalizersBefore: (readonly string[] | undefined)[] = [];
  /** Of what the driver finds missing for whatever it is asked. */
  problems: readonly Problem[] = [];
  /** Writes of the status that fail. */
  failingStatusWrites = 0;
  /** Why members of pools that are there can't be set. */
  membersFailure: Error | undefined;
  /** Of every load balancer. */
  vipAddress = VIP;
  /** Floating IPs that a Service has. */
  floatingIps: readonly string[] = [];
  /** Why a Service gets none. */
  floatingIpRefusal = new Error('none is to be had');
  /** Those for VIPs, or why there are none. */
  subnets: readonly { readonly id: string; readonly ip_version: 4 | 6 }[] | Error = [{ id: 'vips', ip_version: 4 }];
  readonly #listeners: { readonly plural: string; readonly listener: Listener }[] = [];
  readonly #balancers: ServiceLoadBalancers;

  constructor(settings: Partial<LoadBalancerSettings> = {}, clock: Clock = SYSTEM_CLOCK) {
    this.#balancers = new ServiceLoadBalancers({
      drivers: this.#drivers(),
      kubernetes: this.#kubernetes() as KubernetesWriter,
      logger: SILENT_LOGGER,
      settings: { ...SETTINGS, ...settings },
      workers: 1,
      resyncPeriod: 3_600_000,
      slicesOf: () => this.slices,
      clock,
      managesSecurityGroups: false,
    });
    const watch = (kind: ResourceKind) => this.#watched(kind);
    this.#balancers.start({ watch, enqueue: () => undefined } as unknown as HandlerContext);
    this.#balancers.synced();
  }

  /** A Service as it is from now on. */
  apply(service: ServiceObject): void {
    this.services.set(keyOf(service), service);
    this.#balancers.add(keyOf(service));
  }

  /** A Service that is gone, as the watch tells it. */
  remove(key: ObjectKey): void {
    this.services.delete(key);
    this.#balancers.removed(key);
  }

  /** A node as it is from now on, and as the watch tells it. */
  applyNode(node: KubernetesObject): void {
    this.#present(NODES, this.nodes, node);
  }

  /** Endpoints as they are from now on, and as the watch tells it. */
  applyEndpoints(endpoints: KubernetesObject): void {
    this.#present(ENDPOINTS, this.endpoints, endpoints);
  }

  /** Looks at a Service again, as after any event. */
  again(key: ObjectKey): void {
    this.#balancers.add(key);
  }

  stop(): Promise<void> {
    return this.#balancers.stop();
  }

  #present({ plural }: ResourceKind, all: Map<ObjectKey, KubernetesObject>, object: KubernetesObject): void {
    const key = keyOf(object);
    const previous = all.get(key);
    all.set(key, object);
    const change = { type: 'present', key, object, ...(previous !== undefined && { previous }) };
    for (const one of this.#listeners) {
      if (one.plural === plural) one.listener(change as StoreEvent<KubernetesObject>);
    }
  }

  #watched(kind: ResourceKind): WatchedKind {
    const objects = new Map<string, ReadonlyMap<ObjectKey, KubernetesObject>>([
      [SERVICES.plural, this.services],
      [NODES.plural, this.nodes],
      [ENDPOINTS.plural, this.endpoints],
    ]).get(kind.plural);
    const store = { get: (key: ObjectKey) => objects?.get(key), values: () => objects?.values() ?? [] };
    const subscribe = (listener: Listener) => {
      this.#listeners.push({ plural: kind.plural, listener });
      return () => undefined;
    };
    return { kind, store, subscribe } as unknown as WatchedKind;
  }

  #kubernetes(): Partial<KubernetesWriter> {
    const change = (object: KubernetesObject, changes: object) => {
      const stored = this.services.get(keyOf(object));
      if (stored !== undefined) this.services.set(keyOf(object), { ...stored, ...changes });
      return stored !== undefined;
    };
    return {
      annotate: async ({ kind }, _object, annotations) => {
        const isTakenOff = Object.values(annotations).every((value) => value === null);
        this.annotated.push(`${isTakenOff ? '-' : ''}${kind}`);
        return true;
      },
      event: (_kind, _object, note) => void this.events.push(note),
      setFinalizer: async (_kind, object, finalizer, isWanted) => {
        if (this.gone.has(keyOf(object))) return false;
        if (!isWanted) this.done.push('let go');
        const { metadata } = this.services.get(keyOf(object)) ?? object;
        const others = (metadata.finalizers ?? []).filter((one) => one !== finalizer);
        return change(object, { metadata: { ...metadata, finalizers: isWanted ? [...others, finalizer] : others } });
      },
      patchStatus: async (_kind, object, status) => {
        if (this.failingStatusWrites > 0) {
          this.failingStatusWrites -= 1;
          this.done.push('status failed');
          throw new KubernetesApiError('PATCH: 503', { status: 503, reason: 'ServiceUnavailable' });
        }
        this.done.push(`status ${JSON.stringify(status)}`);
        return change(object, { status });
      },
    };
  }

  #drivers(): LoadBalancerDrivers {
    const drivers = {
      lbaas: {
        ensureLoadBalancer: async (request: LoadBalancerRequest): Promise<LoadBalancerReport> => {
          this.requests.push(request);
          this.finalizersBefore.push(this.services.get(request.wanted.service)?.metadata.finalizers);
          const state = { loadbalancer: null, listeners: [], pools: [], members: [], service_pub_ip_info: null };
          return {
            ...{ vipAddress: this.vipAddress, vipPortId: 'port', vipSubnetId: undefined, vipNetworkId: undefined },
            ...{ state, writes: 0, problems: this.problems },
          };
        },
        setMembers: async (request: LoadBalancerRequest) => {
          this.done.push('set members');
          this.requests.push(request);
          if (this.membersFailure !== undefined) throw this.membersFailure;
        },
        releaseLoadBalancer: async (service: ObjectKey) => {
          this.surveyed.delete(service);
          this.done.push('delete load balancer');
        },
        survey: async () => [...this.surveyed].map((service) => ({ service, needsCare: false })),
      },
      publicIp: {
        servicePubIps: async () =>
          this.floatingIps.map((ip_addr) => ({ ip_id: ip_addr, ip_addr, alloc_method: 'user' })),
        acquireServicePubIpInfo: async () => {
          throw this.floatingIpRefusal;
        },
        associatePubIp: async () => undefined,
      },
      project: { getProject: async () => 'project' },
      subnets: {
        getSubnets: async () => {
          if (this.subnets instanceof Error) throw this.subnets;
          return this.subnets;
        },
      },
      securityGroups: { getSecurityGroups: async () => [] },
    };
    return drivers as unknown as LoadBalancerDrivers;
  }
}

/** Turns of the event loop in which everything that is faked has long been done. */
const MOST_TURNS = 10_000;

/** Waits until something holds, turn by turn. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn += 1) {
    if (turn === MOST_TURNS) throw new Error('what is waited for does not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
