import { type Cloud, changeSecurityGroups, deleteNetwork, ifThere, OpenStackError } from '@kuryr-l7/openstack';
import { CleanupLocks, type LockOptions } from './cleanup-locks.js';
import { type ClusterObject, KINDS } from './cluster-object.js';

/** Of what takes long, or is much, so many are deleted at once. */
const MOST_AT_ONCE = 8;
const SEVERAL_AT_ONCE: readonly ClusterObject['kind'][] = ['load balancer', 'port'];
/** What failed is tried again after what came after it, so often in all. */
const ROUNDS = 3;
/** Milliseconds before the second round; twice as long before the third. */
const PAUSE = 1_000;

export interface DeletionOptions extends LockOptions {
  /** Told of each object that is gone. */
  readonly progress: (object: ClusterObject, done: number) => void;
}

/** An object that could not be deleted, and why. */
export interface LeftObject {
  readonly object: ClusterObject;
  readonly reason: string;
}

interface Failure extends LeftObject {
  readonly mayPass: boolean;
}

/**
 * Deletes objects, kind after kind; load balancers and ports several at a time. One that can't be deleted does not keep the
 * others. What is gone already is no error, so that it may be called again after it broke off anywhere.
 *
 * @returns what is left
 * @throws what aborted the signal
 */
export async function deleteClusterObjects(
  cloud: Cloud,
  objects: readonly ClusterObject[],
  options: DeletionOptions,
): Promise<readonly LeftObject[]> {
  const locks = new CleanupLocks(cloud.octavia, options);
  let done = 0;
  const one = async (object: ClusterObject): Promise<Failure | undefined> => {
    options.signal.throwIfAborted();
    const failure = await tryOne(cloud, object, locks, options.signal);
    if (failure !== undefined) return failure;
    done += 1;
    options.progress(object, done);
    return undefined;
  };
  const once = async (wanted: readonly ClusterObject[]): Promise<readonly Failure[]> => {
    const failures: Failure[] = [];
    for (const batch of batchesOf(wanted)) {
      for (const failure of await Promise.all(batch.map(one))) if (failure !== undefined) failures.push(failure);
    }
    return failures;
  };
  let left = await once(objects);
  for (let round = 2; round <= ROUNDS && left.some(({ mayPass }) => mayPass); round += 1) {
    await options.pause(PAUSE * (round - 1));
    left = await once(left.map(({ object }) => object));
  }
  return left;
}

function batchesOf(objects: readonly ClusterObject[]): readonly (readonly ClusterObject[])[] {
  return KINDS.flatMap((kind) => {
    const ofKind = objects.filter((object) => object.kind === kind);
    const atOnce = SEVERAL_AT_ONCE.includes(kind) ? MOST_AT_ONCE : 1;
    const batches = Math.ceil(ofKind.length / atOnce);
    return Array.from({ length: batches }, (_, index) => ofKind.slice(index * atOnce, (index + 1) * atOnce));
  });
}

async function tryOne(
  cloud: Cloud,
  object: ClusterObject,
  locks: CleanupLocks,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  try {
    const reason = await deleteOne(cloud, object, locks, signal);
    return reason === undefined ? undefined : { object, reason, mayPass: false };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OpenStackError)) throw error;
    return { object, reason: error.message, mayPass: true };
  }
}

/** @returns why it stays; undefined where it is gone */
async function deleteOne(
  { octavia, neutron, barbican }: Cloud,
  { id, kind, loadBalancerId = id, trunkId }: ClusterObject,
  locks: CleanupLocks,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (kind) {
    case 'L7 policy':
      return locks.change(loadBalancerId, () => octavia.l7Policies.delete(id));
    case 'pool':
      return locks.change(loadBalancerId, () => octavia.pools.delete(id));
    case 'load balancer':
      return locks.delete(id);
    case 'floating IP':
      await ifThere(() => neutron.floatingIps.delete(id));
      return undefined;
    case 'port':
      // Out of its trunk first: Neutron refuses to delete a port that is in one.
      if (trunkId !== undefined) await ifThere(() => neutron.removeSubports(trunkId, [id]));
      await ifThere(() => neutron.ports.delete(id));
      return undefined;
    case 'security group':
      await ifThere(() => deleteSecurityGroup({ neutron }, id, signal));
      return undefined;
    case 'secret':
      await ifThere(() => barbican.secrets.delete(id));
      return undefined;
    case 'network':
      return deleteNetwork(neutron, id, { signal });
  }
}

/** Off the ports that have it first: those of nodes, which stay. */
async function deleteSecurityGroup(
  { neutron }: Pick<Cloud, 'neutron'>,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  for (const port of await neutron.ports.list({ security_groups: id }, { signal })) {
    await ifThere(() => changeSecurityGroups(neutron, port, (groups) => groups.filter((one) => one !== id)));
  }
  await neutron.securityGroups.delete(id);
}
