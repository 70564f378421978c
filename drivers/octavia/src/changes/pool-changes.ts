import type { PoolCreate } from '@kuryr-l7/openstack';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import { describeChange } from '@kuryr-l7/router';
import { nameOf } from '../ownership/ownership.js';
import { poolFields } from '../settings.js';
import { deleteIfThere } from './if-there.js';
import { type ChangeOf, poolOf, type WriteContext } from './write-context.js';

export async function createPool(
  context: WriteContext,
  change: ChangeOf<'createPool'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, loadBalancerId, ownership, poolSettings, known } = context;
  const { name, lbAlgorithm, source } = change.pool;
  if (known.pools.has(name)) return;
  refuseStuckTwin(context, change);
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
  await loadBalancer.settled(`pool ${name}`, () => octavia.pools.get(created.id), signal);
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
  const send = () => octavia.pools.update(pool.id, { lb_algorithm: lbAlgorithm, tags, admin_state_up: true });
  await loadBalancer.write({ verb: 'update', kind: 'pool', name, send }, signal);
  known.pools.set(name, { ...pool, tags });
  await loadBalancer.settled(`pool ${name}`, () => octavia.pools.get(pool.id), signal);
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
  const send = () => deleteIfThere(() => octavia.pools.delete(pool.id));
  await loadBalancer.write({ verb: 'delete', kind: 'pool', name: change.pool, send }, signal);
  await loadBalancer.gone(`pool ${change.pool}`, () => octavia.pools.get(pool.id));
  known.pools.delete(change.pool);
}

/** Making another one each time would fill the load balancer with them. */
function refuseStuckTwin({ known }: WriteContext, change: ChangeOf<'createPool'>): void {
  const state = known.stuck('pool', change.pool.name);
  if (state === undefined) return;
  throw new RouterRefusedError(
    `${describeChange(change)}: it is there already and stays in ${state} below an ACTIVE load balancer, so that it can be neither changed nor deleted: an administrator has to set its provisioning_status to ERROR in the database of Octavia`,
  );
}
