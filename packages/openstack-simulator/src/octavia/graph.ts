import { ApiFault } from '../http/api-fault.js';
import type { Given } from '../shape/shape.js';
import type { LOAD_BALANCER_POST, POLICY_NESTED, POOL_NESTED } from './fields.js';
import { insertMonitor } from './health-monitor-api.js';
import { noChildren } from './l7-faults.js';
import { type GivenPolicy, insertPolicy } from './l7-policy-api.js';
import { buildRule } from './l7-rule-api.js';
import { insertListener } from './listener-api.js';
import { insertMember, requireUsableAddress } from './member-api.js';
import type { Listener, LoadBalancer } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import { validationFailure } from './octavia-faults.js';
import { insertPool } from './pool-api.js';
import { requireCompatible } from './protocols.js';
import { requireAlgorithmSupport, requireProtocolSupport } from './providers.js';

type GivenGraph = Pick<Given<typeof LOAD_BALANCER_POST>, 'listeners' | 'pools'>;
type NestedPool = Given<typeof POOL_NESTED>;
type NestedPolicy = Given<typeof POLICY_NESTED> & GivenPolicy;

/**
 * Stores what a fully populated create brings under the load balancer. Pools are known by name: a nested pool that has
 * more than a name is the definition of one, another a reference.
 * @throws ApiFault; the caller then takes back the load balancer with what was stored
 */
export function insertGraph(context: OctaviaContext, loadBalancer: LoadBalancer, given: GivenGraph): void {
  const listeners = given.listeners ?? [];
  const pools = collectPools(given);
  if (pools.length > 0) context.quotas.require('pool', loadBalancer.project_id, pools.length);
  const poolIds = new Map(pools.map((pool) => [pool.name, insertFullPool(context, loadBalancer, pool)]));
  if (listeners.length > 0) context.quotas.require('listener', loadBalancer.project_id, listeners.length);
  for (const nested of listeners) {
    requireProtocolSupport(loadBalancer.provider, nested.protocol);
    const poolId = nested.default_pool
      ? (poolIds.get(nested.default_pool.name) ?? null)
      : (nested.default_pool_id ?? null);
    if (poolId !== null) requireCompatible(nested.protocol, context.find('pool', poolId).protocol);
    const listener = insertListener(context, loadBalancer, nested, poolId);
    for (const policy of nested.l7policies ?? []) insertFullPolicy(context, listener, policy, poolIds);
  }
}

/** All definitions of pools, wherever they are nested. @throws ApiFault 400 */
function collectPools({ listeners, pools }: GivenGraph): NestedPool[] {
  const nested = (listeners ?? []).flatMap(({ default_pool, l7policies }) =>
    [default_pool, ...(l7policies ?? []).map(({ redirect_pool }) => redirect_pool)].filter((pool) => pool != null),
  );
  if (nested.some(({ name }) => !name)) {
    throw validationFailure('Pools must be named when creating a fully populated loadbalancer.');
  }
  const isDefinition = (pool: NestedPool) => pool.protocol !== undefined || pool.lb_algorithm !== undefined;
  const defined = [...(pools ?? []), ...nested.filter(isDefinition)];
  const names = defined.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    throw validationFailure('Pool names must be unique when creating a fully populated loadbalancer.');
  }
  const missing = nested.find((pool) => !isDefinition(pool) && !names.includes(pool.name));
  if (missing !== undefined) {
    throw validationFailure(`Pool '${missing.name}' was referenced but no full definition was found.`);
  }
  return defined;
}

function insertFullPool(context: OctaviaContext, loadBalancer: LoadBalancer, given: NestedPool): string {
  const { protocol, lb_algorithm, healthmonitor } = given;
  if (!protocol) throw missingAttribute(given.name, 'protocol');
  if (!lb_algorithm) throw missingAttribute(given.name, 'lb_algorithm');
  requireProtocolSupport(loadBalancer.provider, protocol);
  requireAlgorithmSupport(loadBalancer.provider, lb_algorithm);
  const pool = insertPool(context, loadBalancer, { ...given, protocol, lb_algorithm });
  if (healthmonitor) {
    context.quotas.require('healthmonitor', loadBalancer.project_id);
    insertMonitor(context, pool, healthmonitor);
  }
  const members = given.members ?? [];
  if (members.length > 0) context.quotas.require('member', loadBalancer.project_id, members.length);
  for (const member of members) {
    requireUsableAddress(member.address);
    insertMember(context, pool, member);
  }
  return pool.id;
}

function missingAttribute(name: string | null | undefined, attribute: string): ApiFault {
  return validationFailure(`Pool definition for '${name}' missing required attribute: ${attribute}`);
}

function insertFullPolicy(
  context: OctaviaContext,
  listener: Listener,
  given: NestedPolicy,
  poolIds: ReadonlyMap<string | null | undefined, string>,
): void {
  if (listener.protocol === 'PROMETHEUS') throw noChildren(listener.protocol);
  const { redirect_pool, rules, ...fields } = given;
  const poolId = redirect_pool ? poolIds.get(redirect_pool.name) : fields.redirect_pool_id;
  if (redirect_pool && poolId === undefined) {
    throw new ApiFault(400, `Missing details for Pool object: ${redirect_pool.name}`);
  }
  const policy = insertPolicy(context, listener, { ...fields, ...(poolId != null && { redirect_pool_id: poolId }) });
  for (const nested of rules ?? []) {
    const rule = buildRule(context, policy, nested);
    context.state.l7Rules.set(rule.id, rule);
  }
}
