import { LB_SERVICE_TYPES } from '@kuryr-l7/config';
import { ENDPOINTS, KeptAnnotation, keyOf, type ObjectOf, SERVICES } from '@kuryr-l7/kube';
import { formatPayload, LBAAS_SERVICE_SPEC, LBAAS_SPEC_ANNOTATION } from '@kuryr-l7/kuryr-objects';
import {
  type Configuration,
  ConfigurationError,
  type Handler,
  type HandlerContext,
  isWithin,
  type KubernetesWriter,
  type ObjectKey,
  type ServiceProjectDriver,
  type ServiceSecurityGroupsDriver,
  type ServiceSubnetsDriver,
  TOKENS,
  type Trigger,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { type ServicePlace, serviceSpec, vipOf } from './service-spec.js';

type Service = ObjectOf<typeof SERVICES>;

/**
 * Service -> annotation `openstack.org/kuryr-lbaas-spec`, on the Service and on its Endpoints where there are any: what it
 * asks of a load balancer. Only written where it differs, and less and less often where somebody else insists on another
 * one; a Service that can't have one loses it.
 */
@injectable()
export class ServiceSpecHandler implements Handler<Service> {
  readonly name = 'lbaasspec';
  readonly kind = SERVICES;
  /** Endpoints have the name of their Service, and may come after it. */
  readonly triggers: readonly Trigger[] = [{ kind: ENDPOINTS, keys: (endpoints) => [keyOf(endpoints)] }];
  readonly #onEndpoints: KeptAnnotation<ObjectOf<typeof ENDPOINTS>>;
  readonly #onServices: KeptAnnotation<Service>;
  #context: HandlerContext | undefined;

  constructor(
    @inject(TOKENS.kubernetes) private readonly kubernetes: KubernetesWriter,
    @inject(TOKENS.serviceProjectDriver) private readonly projects: ServiceProjectDriver,
    @inject(TOKENS.serviceSubnetsDriver) private readonly subnets: ServiceSubnetsDriver,
    @inject(TOKENS.serviceSecurityGroupsDriver) private readonly securityGroups: ServiceSecurityGroupsDriver,
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
  ) {
    const putForward = (key: ObjectKey) => this.#context?.enqueue(key);
    this.#onEndpoints = new KeptAnnotation(kubernetes, ENDPOINTS, LBAAS_SPEC_ANNOTATION, putForward);
    this.#onServices = new KeptAnnotation(kubernetes, SERVICES, LBAAS_SPEC_ANNOTATION, putForward);
  }

  start(context: HandlerContext): void {
    this.#context = context;
    context.watch(ENDPOINTS);
  }

  async onPresent(service: Service, signal: AbortSignal): Promise<void> {
    const vip = vipOf(service);
    const payload = vip === undefined ? null : await this.#payload(service, vip, signal);
    const endpoints = this.#context?.watch(ENDPOINTS).store.get(keyOf(service));
    // In Kuryr's order: who sees the spec of a Service finds that of its Endpoints.
    if (endpoints !== undefined) await this.#onEndpoints.keep(endpoints, payload, signal);
    await this.#onServices.keep(service, payload, signal);
  }

  /** The annotations went with the objects. */
  async onDeleted(key: ObjectKey): Promise<void> {
    this.#onEndpoints.forget(key);
    this.#onServices.forget(key);
  }

  async stop(): Promise<void> {
    this.#onEndpoints.stop();
    this.#onServices.stop();
  }

  async #payload(service: Service, vip: string, signal: AbortSignal): Promise<string> {
    return formatPayload(LBAAS_SERVICE_SPEC, serviceSpec(service, vip, await this.#place(service, vip, signal)));
  }

  async #place(service: Service, vip: string, signal: AbortSignal): Promise<ServicePlace> {
    const projectId = await this.projects.getProject(service, signal);
    const subnets = await this.subnets.getSubnets(service, projectId, signal);
    const [subnet, ...more] = subnets.filter(({ cidr }) => isWithin(vip, cidr));
    const isFound = subnet !== undefined && more.length === 0;
    const cidrs = subnets.map(({ cidr }) => cidr);
    if (!isFound && this.#areClusterIpsVips) throw this.#noSubnet(service, vip, cidrs, more.length);
    const securityGroups = await this.securityGroups.getSecurityGroups(service, projectId, signal);
    return { projectId, subnetId: isFound ? subnet.id : null, securityGroups };
  }

  /** As in Kuryr, unless load balancers of ours are for other Services than those of type ClusterIP. */
  get #areClusterIpsVips(): boolean {
    const types = this.configuration.get(LB_SERVICE_TYPES);
    return types.length === 0 || types.includes('ClusterIP');
  }

  #noSubnet(service: Service, vip: string, cidrs: readonly string[], more: number): ConfigurationError {
    const found = more === 0 ? 'in none' : 'in several';
    const message =
      `clusterIP ${vip} is ${found} of the subnets of Services (${cidrs.join(', ')}), so that no load balancer can have ` +
      'it: [neutron_defaults] service_subnet has to hold the service-cluster-ip-range of the cluster';
    this.kubernetes.event(SERVICES, service, {
      type: 'Warning',
      reason: 'NoServiceSubnet',
      action: 'DescribingLoadBalancer',
      note: message,
    });
    return new ConfigurationError(message);
  }
}
