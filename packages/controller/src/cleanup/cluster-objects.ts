import type { Cloud } from '@kuryr-l7/openstack';
import { podObjects } from './pod-objects.js';

/** Something of this cluster in OpenStack that can be deleted. */
export interface ClusterObject {
  readonly kind:
    | 'L7 policy'
    | 'pool'
    | 'load balancer'
    | 'floating IP'
    | 'port'
    | 'security group'
    | 'secret'
    | 'network';
  readonly id: string;
  readonly name: string;
  /** The load balancer that a policy or pool is on. */
  readonly loadBalancerId?: string;
  /** The trunk that a port is a VLAN of. */
  readonly trunkId?: string;
  /** Where it is, for people: of a policy or pool its load balancer and, of a policy, the listener; of a port its trunk. */
  readonly place?: string;
}

export interface FoundObjects {
  /** In the order in which they can be deleted. */
  readonly objects: readonly ClusterObject[];
  /** Sentences about what is this cluster's and stays. */
  readonly kept: readonly string[];
  /** The load balancers that policies and pools are on, by id, as people know them. */
  readonly routers: ReadonlyMap<string, string>;
}

/**
 * Everything with the tag of a cluster: of the L7 router, which stays, its policies and pools; load balancers of Services
 * with all below them; floating IPs, ports of Pods, security groups, and secrets, which have names in place of tags;
 * networks of namespaces.
 *
 * @param routerId the L7 router, which is never among them whatever its tags
 */
export async function clusterObjects(
  { octavia, neutron, barbican }: Cloud,
  clusterId: string,
  routerId: string | undefined,
  signal: AbortSignal,
): Promise<FoundObjects> {
  const tag = `kuryr-cluster=${clusterId}`;
  const tagged = { tags: [tag] };
  const options = { signal };
  const [allBalancers, policies, pools, listeners, allFloatingIps, allGroups, secrets, ofPods] = await Promise.all([
    octavia.loadBalancers.list({}, options),
    octavia.l7Policies.list(tagged, options),
    octavia.pools.list(tagged, options),
    octavia.listeners.list({}, options),
    neutron.floatingIps.list({}, options),
    neutron.securityGroups.list({}, options),
    barbican.secrets.list({}, options),
    podObjects(neutron, tag, signal),
  ]);
  const isTagged = ({ tags }: { readonly tags: readonly string[] }) => tags.includes(tag);
  const ofCluster = allFloatingIps.filter(isTagged);
  const floatingIps = ofCluster.filter((one) => !isOfRouter(one));
  const groups = allGroups.filter(isTagged);
  const ofServices = allBalancers.filter((one) => isTagged(one) && one.id !== routerId && isOfService(one));
  const going = new Set(ofServices.map(({ id }) => id));
  const home = new Map(listeners.map(({ id, loadbalancers }) => [id, loadbalancers[0]?.id ?? '']));
  const titles = new Map(allBalancers.map(({ id, name }) => [id, name === '' ? id : `${name} (${id})`]));
  const titleOf = (id: string) => titles.get(id) ?? id;
  const staying = listeners.filter(({ id }) => !going.has(home.get(id) ?? ''));
  const inUse = new Set(
    staying.flatMap(({ default_tls_container_ref: reference, sni_container_refs: others }) => [reference, ...others]),
  );
  const ours = secrets.filter(({ name }) => name.startsWith(`${tag} `));
  const defaultPools = new Set(staying.map(({ default_pool_id }) => default_pool_id));
  const routerPools = pools.filter(({ loadbalancers }) => !going.has(loadbalancers[0]?.id ?? ''));
  const onRouters = [
    ...policies.map(({ id, name, listener_id }) => {
      const loadBalancerId = home.get(listener_id) ?? '';
      const listener = listeners.find((one) => one.id === listener_id);
      const place = `load balancer ${titleOf(loadBalancerId)}, listener ${listener?.name || listener_id}`;
      return { kind: 'L7 policy', id, name, loadBalancerId, place } as const;
    }),
    ...routerPools
      .filter(({ id }) => !defaultPools.has(id))
      .map(({ id, name, loadbalancers }) => {
        const loadBalancerId = loadbalancers[0]?.id ?? '';
        return { kind: 'pool', id, name, loadBalancerId, place: `load balancer ${titleOf(loadBalancerId)}` } as const;
      }),
  ];
  return {
    routers: new Map(onRouters.map(({ loadBalancerId: id }) => [id, titleOf(id)])),
    objects: [
      ...onRouters,
      ...ofServices.map(({ id, name }) => ({ kind: 'load balancer', id, name }) as const),
      ...floatingIps.map(({ id, floating_ip_address: name }) => ({ kind: 'floating IP', id, name }) as const),
      ...ofPods.ports,
      ...groups.map(({ id, name }) => ({ kind: 'security group', id, name }) as const),
      ...ours
        .filter(({ secret_ref }) => !inUse.has(secret_ref))
        .map(({ secret_ref, name }) => ({ kind: 'secret', id: secret_ref, name }) as const),
      ...ofPods.networks,
    ],
    kept: [
      ...ofPods.kept,
      ...ofCluster
        .filter(isOfRouter)
        .map(
          ({ id, floating_ip_address: address }) =>
            `floating IP ${address} (${id}) is the address of an L7 router, and stays with it`,
        ),
      ...[
        ...allFloatingIps.map((one) => ({ ...one, what: `floating IP ${one.floating_ip_address}` })),
        ...allGroups.map((one) => ({ ...one, what: `security group ${one.name}` })),
      ]
        .filter((one) => !isTagged(one) && isDescribed(one, clusterId))
        .map(
          ({ what, id }) =>
            `${what} (${id}) was made for a Service of this cluster and has no tag: it was to be kept, or the controller was killed before it gave it one; delete it yourself if nobody needs it`,
        ),
      ...routerPools
        .filter(({ id }) => defaultPools.has(id))
        .map(({ id, name }) => `pool ${name} (${id}) is the default pool of a listener that stays`),
      ...ours
        .filter(({ secret_ref }) => inUse.has(secret_ref))
        .map(
          ({ name }) => `secret ${name} is used by a listener that stays: without it the load balancer would freeze`,
        ),
    ],
  };
}

/** As drivers describe what they make in Neutron, where tags come after an object. */
function isDescribed({ description }: { readonly description: string }, clusterId: string): boolean {
  return / Service \S+ from cluster /.test(description) && description.endsWith(` from cluster ${clusterId}`);
}

/** As the driver marks the floating IP that it takes for a router. */
function isOfRouter({ tags }: { readonly tags: readonly string[] }): boolean {
  return tags.includes('kuryr-l7-router');
}

function isOfService({ tags }: { readonly tags: readonly string[] }): boolean {
  return tags.some((tag) => tag.startsWith('kuryr-source=Service/'));
}
