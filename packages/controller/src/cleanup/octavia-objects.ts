import {
  type ClusterMarks,
  idOfReference,
  type L7Policy,
  type Listener,
  type LoadBalancer,
  type OctaviaClient,
  type Pool,
} from '@kuryr-l7/openstack';
import type { ClusterIdentity, ClusterObject, Found } from './cluster-object.js';

/** What the cluster has in Octavia, and what it is that stays there. */
export interface OctaviaObjects extends Found {
  /** Ids of the secrets that listeners need which stay: without its certificate a load balancer freezes. */
  readonly secretsInUse: ReadonlySet<string>;
}

/**
 * Load balancers of Services with all below them, and policies and pools on the L7 router. Its listeners stay: other clusters
 * may have their policies on them. What has the tag on another load balancer is left: another cluster that was given the same
 * id has it there.
 */
export async function octaviaObjects(
  octavia: OctaviaClient,
  { marks, routerId }: ClusterIdentity,
  signal: AbortSignal,
): Promise<OctaviaObjects> {
  const options = { signal };
  const tagged = { tags: [marks.tag] };
  const [balancers, policies, pools, listeners] = await Promise.all([
    octavia.loadBalancers.list({}, options),
    octavia.l7Policies.list(tagged, options),
    octavia.pools.list({}, options),
    octavia.listeners.list({}, options),
  ]);
  const ofServices = balancers.filter((one) => one.id !== routerId && marks.serviceOf(one) !== undefined);
  const going = new Set(ofServices.map(({ id }) => id));
  const isGoing = (child: Listener | Pool) => going.has(homeOf(child));
  const staying = listeners.filter((listener) => !isGoing(listener));
  const defaultPools = new Set(staying.map(({ default_pool_id }) => default_pool_id));
  const titleOf = (id: string) => titleIn(balancers, id);
  const onRouters = [
    ...policies.map((policy) => policyObject(policy, listeners, titleOf)),
    ...pools.filter((pool) => marks.isTagged(pool) && !isGoing(pool)).map((pool) => poolObject(pool, titleOf)),
  ];
  const ours = onRouters.filter(({ loadBalancerId }) => loadBalancerId === routerId);
  const ourListeners = staying.filter((listener) => marks.isTagged(listener));
  const homes = [...onRouters.map(({ loadBalancerId }) => loadBalancerId), ...ourListeners.map(homeOf)];
  const elsewhere = new Set(homes.filter((id) => id !== routerId));
  return {
    objects: [
      ...ours.filter(({ id }) => !defaultPools.has(id)),
      ...ofServices.map((one) => ({ ...balancerObject(one), ...foreignBelow(one, { listeners, pools, marks }) })),
    ],
    kept: [
      ...ourListeners
        .filter((listener) => homeOf(listener) === routerId)
        .map(
          ({ id, name }) =>
            `listener ${name} (${id}) is on the L7 router, and other clusters may use it: delete it yourself if nobody needs it ("openstack loadbalancer listener delete ${id}")`,
        ),
      ...ours
        .filter(({ id }) => defaultPools.has(id))
        .map(({ id, name }) => `pool ${name} (${id}) is the default pool of a listener that stays`),
      ...[...elsewhere].map(
        (id) =>
          `there are listeners, policies or pools with the tag on load balancer ${titleOf(id)}, which is not [ingress] l7_router_uuid of kuryr.conf: another cluster with cluster_id = ${marks.clusterId} may have them there. If they are this cluster's, run the command with OS_INGRESS__L7_ROUTER_UUID=${id}`,
      ),
    ],
    secretsInUse: new Set(staying.flatMap(referencesOf).map(idOfReference)),
  };
}

function balancerObject({ id, name }: LoadBalancer): ClusterObject {
  return { kind: 'load balancer', id, name };
}

/** Octavia deletes a load balancer with everything below it. */
function foreignBelow(
  { id }: LoadBalancer,
  { listeners, pools, marks }: { listeners: readonly Listener[]; pools: readonly Pool[]; marks: ClusterMarks },
): Pick<ClusterObject, 'takesAlong'> {
  const isForeign = (child: Listener | Pool) => homeOf(child) === id && !marks.isTagged(child);
  const foreign = [
    ...listeners.filter(isForeign).map((one) => `listener ${one.name} (${one.id})`),
    ...pools.filter(isForeign).map((one) => `pool ${one.name} (${one.id})`),
  ];
  return foreign.length === 0 ? {} : { takesAlong: foreign.join(', ') };
}

type OnRouter = ClusterObject & { readonly loadBalancerId: string };

function policyObject(
  { id, name, listener_id }: L7Policy,
  listeners: readonly Listener[],
  titleOf: (id: string) => string,
): OnRouter {
  const listener = listeners.find((one) => one.id === listener_id);
  const loadBalancerId = listener === undefined ? '' : homeOf(listener);
  const place = `load balancer ${titleOf(loadBalancerId)}, listener ${listener?.name || listener_id}`;
  return { kind: 'L7 policy', id, name, loadBalancerId, place };
}

function poolObject(pool: Pool, titleOf: (id: string) => string): OnRouter {
  const loadBalancerId = homeOf(pool);
  const { id, name } = pool;
  return { kind: 'pool', id, name, loadBalancerId, place: `load balancer ${titleOf(loadBalancerId)}` };
}

function homeOf({ loadbalancers }: Pick<Listener | Pool, 'loadbalancers'>): string {
  return loadbalancers[0]?.id ?? '';
}

function titleIn(balancers: readonly LoadBalancer[], id: string): string {
  const name = balancers.find((one) => one.id === id)?.name ?? '';
  return name === '' ? id : `${name} (${id})`;
}

function referencesOf({ default_tls_container_ref: own, sni_container_refs: others }: Listener): readonly string[] {
  return own === null ? others : [own, ...others];
}
