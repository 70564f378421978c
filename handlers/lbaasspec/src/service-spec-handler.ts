import { LB_SERVICE_TYPES } from '@kuryr-l7/config';
import { ENDPOINTS, keyOf, type ObjectOf, SERVICES } from '@kuryr-l7/kube';
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
 * asks of a load balancer. Only written where it differs; a Service that can't have one loses it.
 */
@injectable()
export class ServiceSpecHandler implements Handler<Service> {
  readonly name = 'lbaasspec';
  readonly kind = SERVICES;
  /** Endpoints have the name of their Service, and may come after it. */
  readonly triggers: readonly Trigger[] = [{ kind: ENDPOINTS, keys: (endpoints) => [keyOf(endpoints)] }];
  #context: HandlerContext | undefined;

  constructor(
    @inject(TOKENS.kubernetes) private readonly kubernetes: KubernetesWriter,
    @inject(TOKENS.serviceProjectDriver) private readonly projects: ServiceProjectDriver,
    @inject(TOKENS.serviceSubnetsDriver) private readonly subnets: ServiceSubnetsDriver,
    @inject(TOKENS.serviceSecurityGroupsDriver) private readonly securityGroups: ServiceSecurityGroupsDriver,
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
  ) {}

  start(context: HandlerContext): void {
    this.#context = context;
    context.watch(ENDPOINTS);
  }

  async onPresent(service: Service, signal: AbortSignal): Promise<void> {
    const vip = vipOf(service);
    const payload = vip === undefined ? null : await this.#payload(service, vip, signal);
    const annotation = { [LBAAS_SPEC_ANNOTATION]: payload };
    const endpoints = this.#context?.watch(ENDPOINTS).store.get(keyOf(service));
    // In Kuryr's order: who sees the spec of a Service finds that of its Endpoints.
    if (endpoints !== undefined) await this.kubernetes.annotate(ENDPOINTS, endpoints, annotation, signal);
    await this.kubernetes.annotate(SERVICES, service, annotation, signal);
  }

  /** The annotations went with the objects. */
  async onDeleted(_key: ObjectKey): Promise<void> {}

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
