import type { Cloud } from '@kuryr-l7/openstack';

/** A cloud for Services, simulated or real. */
export interface ServicePlace {
  readonly authUrl: string;
  readonly region: string;
  readonly networks: {
    readonly vips: { readonly subnetId: string };
    readonly floating: { readonly networkId: string };
  };
}

/** Who the controller is there. */
export interface ServiceLogin {
  readonly username: string;
  readonly password: string;
  readonly projectId: string;
}

/** kuryr.conf as environment variables, for load balancers of Services. */
export function serviceSettings(
  { authUrl, region, networks }: ServicePlace,
  { username, password, projectId }: ServiceLogin,
  clusterId: string,
): Readonly<Record<string, string>> {
  return {
    OS_KUBERNETES__LB_SERVICE_TYPES: 'LoadBalancer',
    OS_INGRESS__CLUSTER_ID: clusterId,
    OS_NEUTRON__AUTH_TYPE: 'password',
    OS_NEUTRON__AUTH_URL: authUrl,
    OS_NEUTRON__USERNAME: username,
    OS_NEUTRON__PASSWORD: password,
    OS_NEUTRON__USER_DOMAIN_NAME: 'Default',
    OS_NEUTRON__PROJECT_ID: projectId,
    OS_NEUTRON__REGION_NAME: region,
    OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: networks.vips.subnetId,
    OS_NEUTRON_DEFAULTS__EXTERNAL_SVC_NET: networks.floating.networkId,
  };
}

/**
 * Ids of everything in the project, for comparing what was there with what is left.
 *
 * @param projectId where the cloud is seen by an administrator, who sees all projects
 */
export async function everythingIn(
  { octavia, neutron, barbican }: Cloud,
  projectId?: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  type Listed = readonly { readonly id: string; readonly project_id?: string }[];
  const ids = async (list: Promise<Listed>) =>
    (await list)
      .filter(({ project_id = projectId }) => projectId === undefined || project_id === projectId)
      .map(({ id }) => id)
      .sort();
  return {
    loadBalancers: await ids(octavia.loadBalancers.list()),
    listeners: await ids(octavia.listeners.list()),
    pools: await ids(octavia.pools.list()),
    l7Policies: await ids(octavia.l7Policies.list()),
    floatingIps: await ids(neutron.floatingIps.list()),
    ports: await ids(neutron.ports.list()),
    networks: await ids(neutron.networks.list()),
    subnets: await ids(neutron.subnets.list()),
    securityGroups: await ids(neutron.securityGroups.list()),
    secrets: await ids(barbican.secrets.list()),
  };
}
