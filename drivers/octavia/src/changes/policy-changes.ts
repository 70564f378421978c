import {
  ifThere,
  type L7Policy,
  type L7PolicyActionName,
  type L7PolicyCreate,
  type L7PolicyUpdate,
  type L7Rule,
} from '@kuryr-l7/openstack';
import { RouterRefusedError } from '@kuryr-l7/plugin';
import { describeChange, type L7PolicyPatch } from '@kuryr-l7/router';
import { nameOf } from '../ownership/ownership.js';
import { byPosition } from '../snapshot/observe.js';
import { refuseStuckTwin } from './stuck-twin.js';
import { type ChangeOf, outdated, policyOf, type WriteContext } from './write-context.js';

type PolicyChange = ChangeOf<'createPolicy' | 'updatePolicy'>;

export async function createPolicy(
  context: WriteContext,
  change: ChangeOf<'createPolicy'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, ownership, known } = context;
  const { listener, policy, position } = change;
  if (known.policy(listener, policy.key) !== undefined) return;
  refuseStuckTwin(context, change, 'policy', `${change.listener} ${change.policy.key}`);
  const listenerId = known.listeners.get(listener);
  if (listenerId === undefined) throw outdated(change, 'the load balancer has no such listener');
  const tags = ownership.tags(policy.key, policy.source);
  const fields: L7PolicyCreate = {
    listener_id: listenerId,
    name: nameOf(policy.key),
    tags,
    admin_state_up: policy.enabled,
    ...targetFields(context, change, policy),
    action: actionName(change, policy.action),
    ...(position !== undefined && { position }),
  };
  const created = await loadBalancer.write(
    {
      verb: 'create',
      kind: 'l7policy',
      name: policy.key,
      send: async () => {
        await refuseStalePosition(context, change);
        return octavia.l7Policies.create(fields);
      },
      find: async () => {
        const filter = { listener_id: listenerId, tags: ownership.search(policy.key) };
        const found = await octavia.l7Policies.list(filter);
        return found.find((one) => ownership.isOurs(one) && ownership.keyOf(one) === policy.key);
      },
    },
    signal,
  );
  known.setPolicy(listener, policy.key, { id: created.id, tags, rules: [] });
  known.place(listener, created.id, position);
  context.rules.remember(await settled(context, change, created.id, signal), [], loadBalancer.lockTime);
}

export async function updatePolicy(
  context: WriteContext,
  change: ChangeOf<'updatePolicy'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, ownership, known } = context;
  const policy = policyOf(context, change);
  const { patch, position } = change;
  const tags = patch.source === undefined ? policy.tags : ownership.withSource(policy.tags, patch.source);
  const fields: L7PolicyUpdate = {
    ...targetFields(context, change, patch),
    ...(patch.action !== undefined && { action: actionName(change, patch.action) }),
    ...(patch.enabled !== undefined && { admin_state_up: patch.enabled }),
    ...(patch.source !== undefined && { tags }),
    ...(position !== undefined && { position }),
  };
  let rules: readonly L7Rule[] | undefined;
  const send = async () => {
    await refuseStalePosition(context, change);
    rules = context.rules.take(await octavia.l7Policies.get(policy.id));
    return octavia.l7Policies.update(policy.id, fields);
  };
  await loadBalancer.write({ verb: 'update', kind: 'l7policy', name: change.policy, send }, signal);
  known.setPolicy(change.listener, change.policy, { ...policy, tags });
  if (position !== undefined) known.place(change.listener, policy.id, position);
  const changed = await settled(context, change, policy.id, signal);
  if (rules !== undefined) context.rules.remember(changed, rules, loadBalancer.lockTime);
}

export async function deletePolicy(
  context: WriteContext,
  change: ChangeOf<'deletePolicy'>,
  signal: AbortSignal,
): Promise<void> {
  const { octavia, loadBalancer, known } = context;
  const policy = known.policy(change.listener, change.policy);
  if (policy === undefined) return;
  const send = () => ifThere(() => octavia.l7Policies.delete(policy.id));
  await loadBalancer.write({ verb: 'delete', kind: 'l7policy', name: change.policy, send }, signal);
  await loadBalancer.gone(`l7policy ${change.policy}`, () => octavia.l7Policies.get(policy.id));
  known.deletePolicy(change.listener, change.policy);
}

/** Also looks at its place once more, for who wrote after we had looked and before us. */
async function settled(
  context: WriteContext,
  change: PolicyChange,
  id: string,
  signal: AbortSignal,
): Promise<L7Policy> {
  const { octavia, loadBalancer } = context;
  const key = typeof change.policy === 'string' ? change.policy : change.policy.key;
  const policy = await loadBalancer.settled(`l7policy ${key}`, () => octavia.l7Policies.get(id), signal);
  await refuseStalePosition(context, change);
  return policy;
}

/**
 * Called before each attempt to write a position: somebody else may have inserted, moved or deleted a policy since it was
 * planned, also while we waited for a lock, and then it is another place. The end, which needs none, stays the end.
 *
 * @throws TemporaryRouterError the policies of the listener are not in the order from which the position was planned
 */
async function refuseStalePosition({ octavia, known }: WriteContext, change: PolicyChange): Promise<void> {
  const listenerId = known.listeners.get(change.listener);
  if (change.position === undefined || listenerId === undefined) return;
  const planned = known.order(change.listener);
  const there = byPosition(await octavia.l7Policies.list({ listener_id: listenerId }));
  if (planned?.length === there.length && there.every(({ id }, index) => id === planned[index])) return;
  throw outdated(
    change,
    'somebody else has added, moved or deleted l7policies of this listener, so that the position is another one by now',
  );
}

/** Changing the action sets what belonged to the former to null, and a redirect field alone can change the action (measured). */
function targetFields(context: WriteContext, change: PolicyChange, patch: L7PolicyPatch): L7PolicyUpdate {
  const { redirectPool, redirectUrl, redirectPrefix, redirectHttpCode } = patch;
  const poolId = redirectPool === undefined ? undefined : context.known.poolId(redirectPool);
  if (redirectPool !== undefined && poolId === undefined) throw outdated(change, `there is no pool ${redirectPool}`);
  return {
    ...(poolId !== undefined && { redirect_pool_id: poolId }),
    ...(redirectUrl !== undefined && { redirect_url: redirectUrl }),
    ...(redirectPrefix !== undefined && { redirect_prefix: redirectPrefix }),
    ...(redirectHttpCode !== undefined && { redirect_http_code: httpCode(change, redirectHttpCode) }),
  };
}

function actionName(change: PolicyChange, action: NonNullable<L7PolicyPatch['action']>): L7PolicyActionName {
  if (action !== 'FIXED_RESPONSE') return action;
  throw new RouterRefusedError(`${describeChange(change)}: Octavia has no FIXED_RESPONSE`);
}

function httpCode(change: PolicyChange, code: number): 301 | 302 | 303 | 307 | 308 {
  const known = ([301, 302, 303, 307, 308] as const).find((one) => one === code);
  if (known === undefined) throw new RouterRefusedError(`${describeChange(change)}: Octavia has no redirect ${code}`);
  return known;
}
