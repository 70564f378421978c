import { RESYNC_PERIOD } from '@kuryr-l7/config';
import { ENDPOINT_SLICES, type Failure, KeptAnnotation, keyOf, type ObjectOf, SERVICES } from '@kuryr-l7/kube';
import {
  type Configuration,
  type DesiredRouter,
  type EndpointsLbaasDriver,
  type Handler,
  type HandlerContext,
  type KubernetesWriter,
  type Logger,
  type ObjectKey,
  ROUTE_NOTIFICATION_ANNOTATION,
  ROUTE_STATE_ANNOTATION,
  routeState,
  type ServiceProjectDriver,
  type ServicePublicIpDriver,
  type ServiceSecurityGroupsDriver,
  type ServiceSubnetsDriver,
  TOKENS,
  type Trigger,
} from '@kuryr-l7/plugin';
import { poolMembers, serviceOfSlice } from '@kuryr-l7/router';
import { type EndpointSlice as BalancedSlice, SERVICE_FINALIZER } from '@kuryr-l7/service-load-balancer';
import { inject, injectable, optional } from 'inversify';
import { configuredSettings, needsCloud } from './load-balancers/configured-settings.js';
import { ServiceLoadBalancers } from './load-balancers/service-load-balancers.js';
import { LB_WORKERS, MANAGE_SECURITY_GROUPS } from './options.js';

type Service = ObjectOf<typeof SERVICES>;
type EndpointSlice = ObjectOf<typeof ENDPOINT_SLICES>;

const SERVICE_INDEX = 'lb/service';

/**
 * An annotation written by us may be seen only after the Service was let go, so one removal is not always enough. More
 * would be a fight: what comes back then is another controller's.
 */
const MOST_REMOVALS = 3;

function isAnnotated({ metadata: { annotations = {} } }: Service): boolean {
  return ROUTE_STATE_ANNOTATION in annotations || ROUTE_NOTIFICATION_ANNOTATION in annotations;
}

/** Key of the Service that a slice belongs to, as an index wants it. */
const servicesOf = (slice: EndpointSlice): readonly ObjectKey[] => {
  const service = serviceOfSlice(slice);
  return service === undefined ? [] : [service];
};

/**
 * Service and EndpointSlices -> members of the L7 router's pools. It fills exactly the pools that routes want of a
 * Service: told at once through the desired router and, as in Kuryr, by the notification on the Service. Where
 * `lb_service_types` says so, Services get load balancers of their own, too.
 */
@injectable()
export class ServiceHandler implements Handler<Service> {
  readonly name = 'lb';
  readonly kind = SERVICES;
  readonly triggers: readonly Trigger[] = [
    { kind: ENDPOINT_SLICES, keys: (slice) => servicesOf(slice as EndpointSlice) },
  ];
  /** Pools that were filled for a Service, to be forgotten when no route wants them. */
  readonly #filled = new Map<ObjectKey, readonly string[]>();
  /** Services that were annotated by this process, and how often it may yet take that off: see {@link MOST_REMOVALS}. */
  readonly #annotated = new Map<ObjectKey, number>();
  /** Services that were told that nobody lets them go. */
  readonly #held = new Set<ObjectKey>();
  /** Two controllers, each with a class of its own, may both route to one Service: they would never agree. */
  readonly #states: KeptAnnotation<Service>;
  #context: HandlerContext | undefined;
  #sawRoutes = false;
  /** Undefined where Services get none. */
  readonly #loadBalancers: ServiceLoadBalancers | undefined;

  constructor(
    @inject(TOKENS.desiredRouter) private readonly desired: DesiredRouter,
    @inject(TOKENS.kubernetes) private readonly kubernetes: KubernetesWriter,
    @inject(TOKENS.configuration) configuration: Configuration,
    @inject(TOKENS.logger) logger: Logger,
    @inject(TOKENS.endpointsLbaasDriver) @optional() lbaas?: EndpointsLbaasDriver,
    @inject(TOKENS.servicePublicIpDriver) @optional() publicIp?: ServicePublicIpDriver,
    @inject(TOKENS.serviceProjectDriver) @optional() project?: ServiceProjectDriver,
    @inject(TOKENS.serviceSubnetsDriver) @optional() subnets?: ServiceSubnetsDriver,
    @inject(TOKENS.serviceSecurityGroupsDriver) @optional() securityGroups?: ServiceSecurityGroupsDriver,
  ) {
    this.#states = new KeptAnnotation(kubernetes, SERVICES, ROUTE_STATE_ANNOTATION, (key) =>
      this.#context?.enqueue(key),
    );
    if (!needsCloud(configuration) || lbaas === undefined || publicIp === undefined) return;
    if (project === undefined || subnets === undefined || securityGroups === undefined) return;
    this.#loadBalancers = new ServiceLoadBalancers({
      drivers: { lbaas, publicIp, project, subnets, securityGroups },
      kubernetes,
      logger,
      settings: configuredSettings(configuration),
      workers: configuration.get(LB_WORKERS),
      resyncPeriod: configuration.get(RESYNC_PERIOD) * 1_000,
      managesSecurityGroups: configuration.get(MANAGE_SECURITY_GROUPS),
      slicesOf: (service) => this.#slices(service) as readonly BalancedSlice[],
    });
  }

  start(context: HandlerContext): void {
    this.#context = context;
    context.watch(ENDPOINT_SLICES).addIndex(SERVICE_INDEX, servicesOf);
    this.#loadBalancers?.start(context);
    this.desired.fillsPools(this.name);
    this.desired.onWanted((services) => {
      if (!this.#sawRoutes) this.#enqueueFormerlyWanted(context);
      this.#sawRoutes = true;
      for (const service of services) context.enqueue(service);
    });
  }

  synced(): void {
    this.#loadBalancers?.synced();
  }

  failing(): readonly Failure[] {
    return this.#loadBalancers?.failing ?? [];
  }

  async stop(): Promise<void> {
    this.#states.stop();
    await this.#loadBalancers?.stop();
  }

  async onPresent(service: Service, signal: AbortSignal): Promise<void> {
    const key = keyOf(service);
    if (this.#loadBalancers === undefined) this.#tellHeld(key, service);
    this.#loadBalancers?.add(key);
    const filled = this.#fill(key, service);
    if (filled === undefined) return;
    if (filled.length > 0) {
      this.#annotated.set(key, MOST_REMOVALS);
      await this.#states.keep(service, routeState(filled), signal);
      return;
    }
    const removals = this.#annotated.get(key) ?? 0;
    if (removals === 0 || !isAnnotated(service)) return;
    const none = { [ROUTE_STATE_ANNOTATION]: null, [ROUTE_NOTIFICATION_ANNOTATION]: null };
    await this.kubernetes.annotate(SERVICES, service, none, signal);
    this.#annotated.set(key, removals - 1);
  }

  async onDeleted(key: ObjectKey): Promise<void> {
    this.#annotated.delete(key);
    this.#states.forget(key);
    this.#held.delete(key);
    this.#loadBalancers?.removed(key);
    this.#fill(key, undefined);
  }

  /** A Service that had a load balancer once can't be let go where no cloud is named any more. */
  #tellHeld(key: ObjectKey, service: Service): void {
    const { metadata } = service;
    const holds = metadata.finalizers?.includes(SERVICE_FINALIZER) === true;
    if (!holds || metadata.deletionTimestamp === undefined || this.#held.has(key)) return;
    this.#held.add(key);
    const note = `the finalizer ${SERVICE_FINALIZER} holds it until its load balancer is gone, and kuryr.conf names no cloud any more: set [neutron] auth_url, or run "kuryr-l7 cleanup" and take the finalizer off`;
    const event = { type: 'Warning', reason: 'KuryrEnsureLBError', action: 'Balancing', note } as const;
    this.kubernetes.event(SERVICES, service, event);
  }

  /** Sets the members of every pool that routes want of the Service; answers their names, or undefined before any route is known. */
  #fill(key: ObjectKey, service: Service | undefined): readonly string[] | undefined {
    const wanted = this.desired.wantedPools(key);
    if (wanted === undefined) return undefined;
    const slices = this.#slices(key);
    for (const { name, port } of wanted) {
      const members =
        service === undefined || port === undefined
          ? []
          : poolMembers(service, port, slices, this.desired.addressFamily);
      this.desired.setMembers(name, members);
    }
    const names = wanted.map(({ name }) => name);
    for (const name of this.#filled.get(key) ?? []) if (!names.includes(name)) this.desired.forgetMembers(name);
    if (names.length === 0) this.#filled.delete(key);
    else this.#filled.set(key, names);
    return names;
  }

  #slices(key: ObjectKey): readonly EndpointSlice[] {
    return this.#context?.watch(ENDPOINT_SLICES).store.byIndex(SERVICE_INDEX, key) ?? [];
  }

  /** Services that carry such annotations when the process starts: those that no route wants lose them, once. */
  #enqueueFormerlyWanted(context: HandlerContext): void {
    for (const service of context.watch(SERVICES).store.values()) {
      if (!isAnnotated(service)) continue;
      this.#annotated.set(keyOf(service), MOST_REMOVALS);
      context.enqueue(keyOf(service));
    }
  }
}
