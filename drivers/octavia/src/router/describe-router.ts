import type { Cloud, ProvisioningStatus } from '@kuryr-l7/openstack';
import { routerAddress } from '../address/router-addresses.js';
import { asRouterError } from '../cloud-errors.js';
import { ageOf, remedyOf } from '../load-balancer/describe-load-balancer.js';
import { openLoadBalancer } from '../load-balancer/open-load-balancer.js';
import { othersInError } from '../load-balancer/others-in-error.js';
import { Ownership } from '../ownership/ownership.js';

export interface RouterListenerReport {
  readonly name: string;
  readonly id: string;
  /** `<PROTOCOL>:<port>` */
  readonly key: string;
  readonly state: string;
  readonly policies: { readonly ours: number; readonly others: number };
}

/** An L7 router as `kuryr-l7 router show` tells it. */
export interface RouterReport {
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  /** Provisioning and operating status, e.g. `ACTIVE, ONLINE`. */
  readonly state: string;
  readonly address: string;
  readonly vipAddress: string;
  readonly listeners: readonly RouterListenerReport[];
  readonly pools: { readonly ours: number; readonly others: number; readonly members: number };
  /** What is wrong and what can be done, in sentences. */
  readonly problems: readonly string[];
}

/**
 * Looks at a load balancer; changes nothing.
 *
 * @param clusterId `[ingress] cluster_id`, to tell what is ours
 * @throws ConfigurationError for a wrong UUID, RouterUnavailableError, TemporaryRouterError
 */
export async function describeRouter(
  cloud: Cloud,
  id: string,
  clusterId: string,
  signal: AbortSignal,
  now: number = Date.now(),
): Promise<RouterReport> {
  const ownership = new Ownership(clusterId);
  const { octavia } = cloud;
  const router = await openLoadBalancer(cloud, id, signal);
  try {
    const here = { loadbalancer_id: id };
    const listeners = await octavia.listeners.list(here, { signal });
    const pools = await octavia.pools.list(here, { signal });
    const policies = await Promise.all(
      listeners.map((listener) => octavia.l7Policies.list({ listener_id: listener.id }, { signal })),
    );
    const isSound = router.provisioning_status === 'ACTIVE';
    const others = await othersInError(octavia, id, ownership, signal);
    return {
      id,
      name: router.name,
      provider: router.provider,
      state: stateOf(router),
      address: await routerAddress(cloud.neutron, router, undefined, signal),
      vipAddress: router.vip_address,
      listeners: listeners.map((listener, index) => ({
        name: listener.name,
        id: listener.id,
        key: `${listener.protocol}:${listener.protocol_port}`,
        state: stateOf(listener),
        policies: countOurs(policies[index] ?? [], ownership),
      })),
      pools: { ...countOurs(pools, ownership), members: pools.reduce((sum, pool) => sum + pool.members.length, 0) },
      problems: [
        ...(isSound
          ? []
          : [`It has been in ${router.provisioning_status} ${ageOf(router, now)}: ${remedyOf(router)}.`]),
        ...[
          ...listeners.map((child) => ({ kind: 'listener', child })),
          ...pools.map((child) => ({ kind: 'pool', child })),
          ...policies.flat().map((child) => ({ kind: 'l7policy', child })),
        ].flatMap(({ kind, child }) => childProblem(kind, child, isSound, ownership, now) ?? []),
        ...others.map(
          (other) =>
            `${other.title} has been in ERROR ${ageOf(other, now)} and is not ours: every change may end in ERROR until whoever made it corrects or deletes it.`,
        ),
      ],
    };
  } catch (error) {
    throw asRouterError(error, `read load balancer ${id}`);
  }
}

interface Child {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly provisioning_status: ProvisioningStatus;
  readonly created_at: string | null;
  readonly updated_at: string | null;
}

/** Of one listener, pool or policy; what is in ERROR and not ours is told by {@link othersInError}. */
function childProblem(
  kind: string,
  child: Child,
  isSound: boolean,
  ownership: Ownership,
  now: number,
): string | undefined {
  const { name, id, provisioning_status: status } = child;
  const has = `${kind} ${name} (${id}) has been in ${status} ${ageOf(child, now)}`;
  if (status === 'ERROR' && ownership.isOurs(child)) {
    return `${has}: the controller makes it anew; the reason is in the log of octavia-worker.`;
  }
  return isSound && status.startsWith('PENDING')
    ? `${has} below an ACTIVE load balancer: an administrator has to set its provisioning_status to ERROR in the database of Octavia.`
    : undefined;
}

function stateOf(object: { readonly provisioning_status: string; readonly operating_status: string }): string {
  return [object.provisioning_status, object.operating_status].filter((status) => status !== '').join(', ');
}

function countOurs(objects: readonly { readonly tags: readonly string[] }[], ownership: Ownership) {
  const ours = objects.filter((object) => ownership.isOurs(object)).length;
  return { ours, others: objects.length - ours };
}
