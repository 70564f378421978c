import { type Cloud, ConflictError, deleteNetwork, ImmutableError, NotFoundError } from '@kuryr-l7/openstack';
import type { ClusterObject } from './cluster-objects.js';

/** Of what takes long, or is much, so many are deleted at once. */
const MOST_AT_ONCE = 8;
const SEVERAL_AT_ONCE: readonly ClusterObject['kind'][] = ['load balancer', 'port'];

export interface DeletionOptions {
  readonly signal: AbortSignal;
  /** Waits between two looks; milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Told of each object that is gone. */
  readonly progress: (object: ClusterObject, done: number) => void;
  /** Told of each object that others still need, and why it stays. */
  readonly stays: (object: ClusterObject, reason: string) => void;
  /** Looks at a load balancer until it is given up. @default 1_200, which is ten minutes */
  readonly looks?: number;
}

const MILLISECONDS = 500;

/**
 * Deletes objects in the order given, kind after kind; load balancers and ports several at a time. What is gone already is
 * no error, so that it may be called again after it broke off anywhere.
 *
 * @throws OpenStackError; Error for a load balancer that stays PENDING
 */
export async function deleteClusterObjects(
  cloud: Cloud,
  objects: readonly ClusterObject[],
  options: DeletionOptions,
): Promise<void> {
  let done = 0;
  const one = async (object: ClusterObject): Promise<void> => {
    options.signal.throwIfAborted();
    const reason = await deleteOne(cloud, object, options);
    if (reason !== undefined) return options.stays(object, reason);
    done += 1;
    options.progress(object, done);
  };
  for (const kind of new Set(objects.map((object) => object.kind))) {
    const ofKind = objects.filter((object) => object.kind === kind);
    const atOnce = SEVERAL_AT_ONCE.includes(kind) ? MOST_AT_ONCE : 1;
    for (let index = 0; index < ofKind.length; index += atOnce) {
      await Promise.all(ofKind.slice(index, index + atOnce).map(one));
    }
  }
}

/** @returns why it stays; undefined where it is gone */
async function deleteOne(cloud: Cloud, object: ClusterObject, options: DeletionOptions): Promise<string | undefined> {
  const { octavia, neutron, barbican } = cloud;
  const { id, kind, loadBalancerId = id } = object;
  switch (kind) {
    case 'L7 policy':
      await locked(cloud, loadBalancerId, () => octavia.l7Policies.delete(id), options);
      return undefined;
    case 'pool':
      await locked(cloud, loadBalancerId, () => octavia.pools.delete(id), options);
      return undefined;
    case 'load balancer':
      await locked(cloud, id, () => octavia.loadBalancers.delete(id, { cascade: true }), options);
      return undefined;
    case 'floating IP':
      await ifThere(() => neutron.floatingIps.delete(id));
      return undefined;
    case 'port':
      return deletePort(cloud, object);
    case 'security group':
      await ifThere(() => deleteSecurityGroup(cloud, id, options));
      return undefined;
    case 'secret':
      await ifThere(() => barbican.secrets.delete(id));
      return undefined;
    case 'network':
      return deleteNetwork(neutron, id, { signal: options.signal });
  }
}

/** Out of its trunk first: Neutron refuses to delete a port that is in one. */
async function deletePort({ neutron }: Cloud, { id, trunkId }: ClusterObject): Promise<string | undefined> {
  try {
    if (trunkId !== undefined) await ifThere(() => neutron.removeSubports(trunkId, [id]));
    await ifThere(() => neutron.ports.delete(id));
    return undefined;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return error.fault;
  }
}

/** Off the ports that have it first: those of nodes, which stay. */
async function deleteSecurityGroup({ neutron }: Cloud, id: string, { signal }: DeletionOptions): Promise<void> {
  for (const port of await neutron.ports.list({ security_groups: id }, { signal })) {
    const others = port.security_groups.filter((one) => one !== id);
    await ifThere(async () => {
      await neutron.ports.update(port.id, { security_groups: others });
    });
  }
  await neutron.securityGroups.delete(id);
}

/** Waits for the load balancer before and after, as each change locks it. */
async function locked(
  cloud: Cloud,
  loadBalancerId: string,
  send: () => Promise<void>,
  options: DeletionOptions,
): Promise<void> {
  for (;;) {
    await settled(cloud, loadBalancerId, options);
    try {
      await ifThere(send);
      break;
    } catch (error) {
      // Somebody else was faster.
      if (!(error instanceof ImmutableError)) throw error;
      await options.pause(MILLISECONDS);
    }
  }
  await settled(cloud, loadBalancerId, options);
}

async function settled(
  { octavia }: Cloud,
  id: string,
  { signal, pause, looks = 1_200 }: DeletionOptions,
): Promise<void> {
  for (let look = 1; look <= looks; look += 1) {
    let status = 'DELETED';
    await ifThere(async () => {
      status = (await octavia.loadBalancers.get(id, { signal })).provisioning_status;
    });
    if (!status.startsWith('PENDING')) return;
    await pause(MILLISECONDS);
  }
  throw new Error(`load balancer ${id} stays PENDING: have an administrator look at it, and run the command again`);
}

async function ifThere(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
