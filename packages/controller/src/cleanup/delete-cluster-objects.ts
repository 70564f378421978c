import { type Cloud, ImmutableError, NotFoundError } from '@kuryr-l7/openstack';
import type { ClusterObject } from './cluster-objects.js';

/** Load balancers deleted at once. */
const MOST_AT_ONCE = 8;

export interface DeletionOptions {
  readonly signal: AbortSignal;
  /** Waits between two looks; milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Told of each object that is gone. */
  readonly progress: (object: ClusterObject, done: number) => void;
  /** Looks at a load balancer until it is given up. @default 1_200, which is ten minutes */
  readonly looks?: number;
}

const MILLISECONDS = 500;

/**
 * Deletes objects in the order given; load balancers several at a time. What is gone already is no error, so that it may be
 * called again after it broke off anywhere.
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
    await deleteOne(cloud, object, options);
    done += 1;
    options.progress(object, done);
  };
  const isBalancer = ({ kind }: ClusterObject) => kind === 'load balancer';
  const first = objects.findIndex(isBalancer);
  const before = first === -1 ? objects : objects.slice(0, first);
  for (const object of before) await one(object);
  const balancers = objects.filter(isBalancer);
  for (let index = 0; index < balancers.length; index += MOST_AT_ONCE) {
    await Promise.all(balancers.slice(index, index + MOST_AT_ONCE).map(one));
  }
  for (const object of objects.slice(before.length + balancers.length)) await one(object);
}

async function deleteOne(cloud: Cloud, object: ClusterObject, options: DeletionOptions): Promise<void> {
  const { octavia, neutron, barbican } = cloud;
  const { id, kind, loadBalancerId = id } = object;
  switch (kind) {
    case 'L7 policy':
      return locked(cloud, loadBalancerId, () => octavia.l7Policies.delete(id), options);
    case 'pool':
      return locked(cloud, loadBalancerId, () => octavia.pools.delete(id), options);
    case 'load balancer':
      return locked(cloud, id, () => octavia.loadBalancers.delete(id, { cascade: true }), options);
    case 'floating IP':
      return ifThere(() => neutron.floatingIps.delete(id));
    case 'security group':
      return ifThere(() => deleteSecurityGroup(cloud, id, options));
    case 'secret':
      return ifThere(() => barbican.secrets.delete(id));
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

async function ifThere(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
