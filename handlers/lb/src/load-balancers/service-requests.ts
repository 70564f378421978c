import type { SERVICES } from '@kuryr-l7/kube';
import type {
  LoadBalancerRequest,
  ObjectOf,
  ServiceProjectDriver,
  ServiceSecurityGroupsDriver,
  ServiceSubnetsDriver,
} from '@kuryr-l7/plugin';
import {
  type ClusterObjects,
  type Compilation,
  compileLoadBalancer,
  type LoadBalancer,
  type LoadBalancerSettings,
  memberSecurityGroup,
  type Service,
} from '@kuryr-l7/service-load-balancer';

type ServiceObject = ObjectOf<typeof SERVICES>;
type Wanted = Extract<Compilation, { readonly outcome: 'wanted' }>;

/** The drivers that say where in OpenStack a Service is. */
export interface PlacementDrivers {
  readonly project: ServiceProjectDriver;
  readonly subnets: ServiceSubnetsDriver;
  readonly securityGroups: ServiceSecurityGroupsDriver;
}

/** What Services ask for, put to the drivers: their project, subnet and security groups are in it. */
export class ServiceRequests {
  /** @param managesSecurityGroups whether security groups of the nodes are managed; only where members are ports of nodes */
  constructor(
    private readonly drivers: PlacementDrivers,
    private readonly settings: LoadBalancerSettings,
    private readonly managesSecurityGroups: boolean,
  ) {}

  /** Asks for the subnet of the VIP only where nothing else says where it is. */
  async compile(service: ServiceObject, objects: ClusterObjects, signal: AbortSignal): Promise<Compilation> {
    const { drivers, settings } = this;
    const first = this.compileUnplaced(service, objects);
    const isLeaving = service.metadata.deletionTimestamp !== undefined;
    if (first.outcome !== 'wanted' || isLeaving || hasPlace(first)) return first;
    const projectId = await drivers.project.getProject(service, signal);
    const subnets = await drivers.subnets.getSubnets(service, projectId, signal);
    const version = service.spec?.clusterIP?.includes(':') === true ? 6 : 4;
    const subnet = subnets.find(({ ip_version }) => ip_version === version) ?? subnets[0];
    if (subnet === undefined) return first;
    const vipFamily = subnet.ip_version === 6 ? 'IPv6' : 'IPv4';
    const vip = { vipSubnetId: subnet.id, vipCidr: subnet.cidr, vipFamily } as const;
    return compileLoadBalancer(service as Service, objects, { ...settings, ...vip });
  }

  /** The same without a subnet of the VIP: good for all that what is there follows. */
  compileUnplaced(service: ServiceObject, objects: ClusterObjects): Compilation {
    return compileLoadBalancer(service as Service, objects, this.settings);
  }

  async request(service: ServiceObject, wanted: LoadBalancer, signal: AbortSignal): Promise<LoadBalancerRequest> {
    const { drivers, managesSecurityGroups, settings } = this;
    const projectId = await drivers.project.getProject(service, signal);
    const securityGroups = await drivers.securityGroups.getSecurityGroups(service, projectId, signal);
    const request = { wanted, projectId, securityGroups };
    if (settings.memberMode !== 'nodeport' || !managesSecurityGroups) return request;
    return { ...request, memberSecurityGroup: memberSecurityGroup(wanted, settings.clusterId) };
  }
}

/** Whether annotations say where the VIP is, so that nobody else is asked. */
function hasPlace({ loadBalancer: { vip } }: Wanted): boolean {
  return vip.portId !== undefined || vip.networkId !== undefined || vip.subnetId !== undefined;
}
