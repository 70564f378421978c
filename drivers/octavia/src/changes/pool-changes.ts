import { ifThere, type Member, type PoolCreate } from '@kuryr-l7/openstack';
import { nameOf } from '../ownership/ownership.js';
import { poolFields } from '../settings.js';
import { refuseStuckTwin } from './stuck-twin.js';
import { type ChangeOf, poolOf, type WriteContext } from './write-context.js';

export async function createPool(
  context: WriteContext,
  change: ChangeOf<'createPool'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, loadBalancerId, ownership, poolSettings, known } = context;
  const { name, lbAlgorithm, source } = change.pool;
  if (known.pools.has(name)) return;
  refuseStuckTwin(context, change, 'pool', change.pool.name);
  const tags = ownership.tags(name, source);
  const fields: PoolCreate = {
    loadbalancer_id: loadBalancerId,
    name: nameOf(name),
    tags,
    protocol: poolSettings.protocol,
    lb_algorithm: lbAlgorithm,
    ...poolFields(poolSettings),
  };
  const created = await loadBalancer.write(
    {
      verb: 'create',
      kind: 'pool',
      name,
      send: () => octavia.pools.create(fields),
      find: async () => {
        const found = await octavia.pools.list({ loadbalancer_id: loadBalancerId, tags: ownership.search(name) });
        return found.find((one) => ownership.isOurs(one) && ownership.keyOf(one) === name);
      },
    },
    signal,
  );
  known.pools.set(name, { id: created.id, tags });
  const pool = await loadBalancer.settled(`pool ${name}`, () => octavia.pools.get(created.id), signal);
  context.members.remember(pool, [], loadBalancer.lockTime);
}

/** Enables it too, as every pool of ours is meant to be. */
export async function updatePool(
  context: WriteContext,
  change: ChangeOf<'updatePool'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, ownership, known } = context;
  const { name, lbAlgorithm, source } = change.pool;
  const pool = poolOf(context, change);
  const tags = ownership.withSource(pool.tags, source);
  let members: readonly Member[] | undefined;
  const send = async () => {
    members = context.members.take(await octavia.pools.get(pool.id));
    return octavia.pools.update(pool.id, { lb_algorithm: lbAlgorithm, tags, admin_state_up: true });
  };
  await loadBalancer.write({ verb: 'update', kind: 'pool', name, send }, signal);
  known.pools.set(name, { ...pool, tags });
  const changed = await loadBalancer.settled(`pool ${name}`, () => octavia.pools.get(pool.id), signal);
  if (members !== undefined) context.members.remember(changed, members, loadBalancer.lockTime);
}

/** Octavia refuses it while a policy leads to the pool. Its members and its monitor go with it. */
export async function deletePool(
  context: WriteContext,
  change: ChangeOf<'deletePool'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, known } = context;
  const pool = known.pools.get(change.pool);
  if (pool === undefined) return;
  const send = () => ifThere(() => octavia.pools.delete(pool.id));
  await loadBalancer.write({ verb: 'delete', kind: 'pool', name: change.pool, send }, signal);
  await loadBalancer.gone(`pool ${change.pool}`, () => octavia.pools.get(pool.id));
  known.pools.delete(change.pool);
}
