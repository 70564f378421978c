import type { Cloud, Pool, ProvisioningStatus } from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';
import { routerAddress } from '../address/router-addresses.js';
import { asRouterError } from '../cloud-errors.js';
import { ageOf, remedyOf, setToError, titleOf } from '../load-balancer/describe-load-balancer.js';
import { openLoadBalancer } from '../load-balancer/open-load-balancer.js';
import { othersInError } from '../load-balancer/others-in-error.js';
import { Ownership } from '../ownership/ownership.js';
import { notFoundPool } from './not-found-pool.js';

export interface RouterListenerReport {
  readonly name: string;
  readonly id: string;
  /** `<PROTOCOL>:<port>` */
  readonly key: string;
  readonly state: string;
  readonly policies: { readonly ours: number; readonly others: readonly string[] };
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
  /** `members` are those of ours; of others' each has a name and its number of members. */
  readonly pools: {
    readonly ours: number;
    readonly members: number;
    readonly others: readonly { readonly name: string; readonly members: number }[];
  };
  /** What is wrong and what can be done, in sentences. */
  readonly problems: readonly string[];
}

export interface DescribeOptions {
  /** `[octavia] not_found_pool`, to tell whether the router can be opened with it. */
  readonly notFoundPool?: string;
  /** Milliseconds since the epoch. @default now */
  readonly now?: number;
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
  options: DescribeOptions = {},
): Promise<RouterReport> {
  const { now = Date.now() } = options;
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
      pools: countPools(pools, ownership),
      problems: [
        ...(isSound
          ? []
          : [`It has been in ${router.provisioning_status} ${ageOf(router, now)}: ${remedyOf(router)}.`]),
        ...notFoundPoolProblem(options.notFoundPool, pools, titleOf(router)),
        ...[
          ...listeners.map((child) => ({ kind: 'listener', child })),
          ...pools.map((child) => ({ kind: 'pool', child })),
          ...policies.flat().map((child) => ({ kind: 'l7policy', child })),
        ].flatMap(({ kind, child }) => childProblem(kind, child, isSound, ownership, now) ?? []),
        ...disabledProblems(router, listeners, pools, ownership),
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

interface Switched {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly admin_state_up: boolean;
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
    ? `${has} below an ACTIVE load balancer: an administrator has to ${setToError()}.`
    : undefined;
}

/** What Octavia's `admin_state_up` keeps from serving; of pools only ours are looked at. */
function disabledProblems(
  router: Switched,
  listeners: readonly Switched[],
  pools: readonly Switched[],
  ownership: Ownership,
): readonly string[] {
  const off = ({ admin_state_up }: Switched): boolean => !admin_state_up;
  const again = ({ name, id }: Switched) => `${name} (${id}) is disabled: the controller enables it again.`;
  return [
    ...(off(router)
      ? [`It is disabled, so it serves nobody: openstack loadbalancer set --enable ${router.id} enables it.`]
      : []),
    ...listeners
      .filter(off)
      .map((listener) =>
        ownership.isOurs(listener)
          ? `listener ${again(listener)}`
          : `listener ${listener.name} (${listener.id}) is disabled and not ours: openstack loadbalancer listener set --enable ${listener.id} enables it.`,
      ),
    ...pools.filter((pool) => off(pool) && ownership.isOurs(pool)).map((pool) => `pool ${again(pool)}`),
  ];
}

function stateOf(object: { readonly provisioning_status: string; readonly operating_status: string }): string {
  return [object.provisioning_status, object.operating_status].filter((status) => status !== '').join(', ');
}

function countOurs(
  objects: readonly Pick<Child, 'id' | 'name' | 'tags'>[],
  ownership: Ownership,
): RouterListenerReport['policies'] {
  const others = objects.filter((object) => !ownership.isOurs(object));
  return { ours: objects.length - others.length, others: others.map(({ name, id }) => name || id) };
}

function countPools(pools: readonly Pool[], ownership: Ownership): RouterReport['pools'] {
  const ours = pools.filter((pool) => ownership.isOurs(pool));
  return {
    ours: ours.length,
    members: ours.reduce((sum, { members }) => sum + members.length, 0),
    others: pools
      .filter((pool) => !ownership.isOurs(pool))
      .map(({ name, id, members }) => ({ name: name || id, members: members.length })),
  };
}

/** With which `run` would not open the router. */
function notFoundPoolProblem(nameOrId: string | undefined, pools: readonly Pool[], router: string): readonly string[] {
  try {
    notFoundPool(nameOrId, pools, router);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [`${error.message}.`];
  }
}
