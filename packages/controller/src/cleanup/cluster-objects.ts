import type { Cloud } from '@kuryr-l7/openstack';

/** Something of this cluster in OpenStack that can be deleted. */
export interface ClusterObject {
  readonly kind: 'L7 policy' | 'pool' | 'load balancer' | 'floating IP' | 'security group' | 'secret';
  readonly id: string;
  readonly name: string;
  /** The load balancer that a policy or pool is on. */
  readonly loadBalancerId?: string;
}

export interface FoundObjects {
  /** In the order in which they can be deleted. */
  readonly objects: readonly ClusterObject[];
  /** Sentences about what is this cluster's and stays. */
  readonly kept: readonly string[];
}

/**
 * Everything with the tag of a cluster: of the L7 router, which stays, its policies and pools; load balancers of Services
 * with all below them; floating IPs, security groups, and secrets, which have names in place of tags.
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
  const [balancers, policies, pools, listeners, allFloatingIps, allGroups, secrets] = await Promise.all([
    octavia.loadBalancers.list(tagged, options),
    octavia.l7Policies.list(tagged, options),
    octavia.pools.list(tagged, options),
    octavia.listeners.list({}, options),
    neutron.floatingIps.list({}, options),
    neutron.securityGroups.list({}, options),
    barbican.secrets.list({}, options),
  ]);
  const isTagged = ({ tags }: { readonly tags: readonly string[] }) => tags.includes(tag);
  const floatingIps = allFloatingIps.filter(isTagged);
  const groups = allGroups.filter(isTagged);
  const ofServices = balancers.filter((one) => one.id !== routerId && isOfService(one));
  const going = new Set(ofServices.map(({ id }) => id));
  const home = new Map(listeners.map(({ id, loadbalancers }) => [id, loadbalancers[0]?.id ?? '']));
  const staying = listeners.filter(({ id }) => !going.has(home.get(id) ?? ''));
  const inUse = new Set(
    staying.flatMap(({ default_tls_container_ref: reference, sni_container_refs: others }) => [reference, ...others]),
  );
  const ours = secrets.filter(({ name }) => name.startsWith(`${tag} `));
  const defaultPools = new Set(staying.map(({ default_pool_id }) => default_pool_id));
  const routerPools = pools.filter(({ loadbalancers }) => !going.has(loadbalancers[0]?.id ?? ''));
  return {
    objects: [
      ...policies.map(({ id, name, listener_id }) => {
        return { kind: 'L7 policy', id, name, loadBalancerId: home.get(listener_id) ?? '' } as const;
      }),
      ...routerPools
        .filter(({ id }) => !defaultPools.has(id))
        .map(({ id, name, loadbalancers }) => {
          return { kind: 'pool', id, name, loadBalancerId: loadbalancers[0]?.id ?? '' } as const;
        }),
      ...ofServices.map(({ id, name }) => ({ kind: 'load balancer', id, name }) as const),
      ...floatingIps.map(({ id, floating_ip_address: name }) => ({ kind: 'floating IP', id, name }) as const),
      ...groups.map(({ id, name }) => ({ kind: 'security group', id, name }) as const),
      ...ours
        .filter(({ secret_ref }) => !inUse.has(secret_ref))
        .map(({ secret_ref, name }) => ({ kind: 'secret', id: secret_ref, name }) as const),
    ],
    kept: [
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

function isOfService({ tags }: { readonly tags: readonly string[] }): boolean {
  return tags.some((tag) => tag.startsWith('kuryr-source=Service/'));
}
