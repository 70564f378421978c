import { ENDPOINTS, keyOf, type ObjectOf, SERVICES } from '@kuryr-l7/kube';
import { formatPayload, LBAAS_SERVICE_SPEC, LBAAS_SPEC_ANNOTATION } from '@kuryr-l7/kuryr-objects';
import {
  ConfigurationError,
  type Handler,
  type HandlerContext,
  type KubernetesWriter,
  type ObjectKey,
  type ServiceProjectDriver,
  type ServiceSecurityGroupsDriver,
  type ServiceSubnetsDriver,
  TOKENS,
  type Trigger,
} from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { isWithin, type ServicePlace, serviceSpec, vipOf } from './service-spec.js';

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
    if (subnet === undefined || more.length > 0)
      throw this.#noSubnet(
        service,
        vip,
        subnets.map(({ cidr }) => cidr),
        more.length,
      );
    const securityGroups = await this.securityGroups.getSecurityGroups(service, projectId, signal);
    return { projectId, subnetId: subnet.id, securityGroups };
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
