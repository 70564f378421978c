import type {
  HealthMonitor as ModelMonitor,
  L7Policy as ModelPolicy,
  Pool as ModelPool,
  L7Rule as ModelRule,
  Router,
  Source,
} from '@kuryr-l7/router';
import type { L7Policy, L7Rule, Listener, LoadBalancer, Pool } from '../octavia/objects.js';
import type { OctaviaState } from '../octavia/octavia-state.js';
import { htmlEscaped, renderedPolicies, renderedRules, renderedValue } from '../octavia/rendering.js';

const RULE_TYPES = ['HOST_NAME', 'PATH', 'HEADER', 'COOKIE', 'FILE_TYPE'] as const;
const COMPARE_TYPES = ['EQUAL_TO', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'REGEX'] as const;
const ACTIONS = ['REJECT', 'REDIRECT_TO_URL', 'REDIRECT_PREFIX', 'REDIRECT_TO_POOL'] as const;
const ALGORITHMS = ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP'] as const;

/** No default pool and no match: HAProxy has no backend for the request. */
const UNMATCHED_STATUS = 503;

/**
 * A load balancer as its HAProxy is configured: a router whose policies are named by id, and whose pools are too.
 * @param broken listeners that are left out
 */
export function renderRouter(state: OctaviaState, loadBalancer: LoadBalancer, broken: readonly Listener[]): Router {
  const isRendered = (object: Pool | Listener) =>
    object.admin_state_up && object.provisioning_status !== 'PENDING_DELETE';
  const pools = state.poolsOf(loadBalancer).filter(isRendered);
  const ids = new Set(pools.map(({ id }) => id));
  const listeners = state
    .listenersOf(loadBalancer)
    .filter((listener) => loadBalancer.admin_state_up && isRendered(listener) && !broken.includes(listener));
  return {
    listeners: listeners.flatMap((listener) => {
      const { protocol, protocol_port: port } = listener;
      if (protocol !== 'HTTP' && protocol !== 'TERMINATED_HTTPS') return [];
      const policies = renderedPolicies(state, listener).flatMap((policy) => renderPolicy(state, policy, ids));
      return [{ key: `${protocol}:${port}`, protocol, port, policies: [...policies, catchAll(listener, ids)] }];
    }),
    pools: pools.map((pool) => renderPool(state, pool)),
  };
}

/** A policy that leads to a pool that is not rendered is passed over. */
function renderPolicy(state: OctaviaState, policy: L7Policy, pools: ReadonlySet<string>): ModelPolicy[] {
  const action = ACTIONS.find((known) => known === policy.action);
  const rules = renderedRules(state, policy).map(renderRule);
  const { redirect_pool_id: pool, redirect_url: url, redirect_prefix: prefix, redirect_http_code: code } = policy;
  if (action === undefined || rules.some((rule) => rule === undefined)) return [];
  if (action === 'REDIRECT_TO_POOL' && (pool === null || !pools.has(pool))) return [];
  return [
    {
      key: policy.id,
      action,
      ...(pool !== null && { redirectPool: pool }),
      ...(url !== null && { redirectUrl: htmlEscaped(url) }),
      ...(prefix !== null && { redirectPrefix: htmlEscaped(prefix) }),
      ...(code !== null && { redirectHttpCode: code }),
      enabled: true,
      rules: rules.filter((rule) => rule !== undefined),
      source: sourceOf(policy),
    },
  ];
}

/** Undefined for rules on client certificates, which the router model has not. */
function renderRule({ type, compare_type, key, value, invert }: L7Rule): ModelRule | undefined {
  const ruleType = RULE_TYPES.find((known) => known === type);
  const compareType = COMPARE_TYPES.find((known) => known === compare_type);
  if (ruleType === undefined || compareType === undefined) return undefined;
  return { type: ruleType, compareType, ...(key !== null && { key }), value: renderedValue(value), invert };
}

/** What becomes of a request that no policy takes: the default pool, or 503. */
function catchAll(listener: Listener, pools: ReadonlySet<string>): ModelPolicy {
  const { default_pool_id: pool } = listener;
  const everything: ModelRule = { type: 'PATH', compareType: 'STARTS_WITH', value: '', invert: false };
  const common = { key: 'default', enabled: true, rules: [everything], source: sourceOf(listener) };
  return pool !== null && pools.has(pool)
    ? { ...common, action: 'REDIRECT_TO_POOL', redirectPool: pool }
    : { ...common, action: 'FIXED_RESPONSE', statusCode: UNMATCHED_STATUS };
}

function renderPool(state: OctaviaState, pool: Pool): ModelPool {
  const monitor = renderMonitor(state, pool);
  const members = state
    .membersOf(pool)
    .filter((member) => member.admin_state_up && member.provisioning_status !== 'PENDING_DELETE')
    .map(({ address, protocol_port: port, weight, backup }) => ({ address, port, weight, backup }));
  return {
    name: pool.id,
    protocol: 'HTTP',
    lbAlgorithm: ALGORITHMS.find((known) => known === pool.lb_algorithm) ?? 'ROUND_ROBIN',
    members: members.sort((a, b) => compare(a.address, b.address) || a.port - b.port),
    ...(monitor !== undefined && { healthMonitor: monitor }),
    source: sourceOf(pool),
  };
}

function renderMonitor(state: OctaviaState, pool: Pool): ModelMonitor | undefined {
  const monitor = state.healthMonitorOf(pool);
  if (monitor === undefined || !monitor.admin_state_up || monitor.provisioning_status === 'PENDING_DELETE')
    return undefined;
  const common = {
    delay: monitor.delay,
    timeout: monitor.timeout,
    maxRetries: monitor.max_retries,
    maxRetriesDown: monitor.max_retries_down,
  };
  if (monitor.type !== 'HTTP') return { type: 'TCP', ...common };
  const { http_method, url_path, expected_codes } = monitor;
  return {
    type: 'HTTP',
    ...common,
    ...(http_method !== null && { httpMethod: http_method }),
    ...(url_path !== null && { urlPath: url_path }),
    ...(expected_codes !== null && { expectedCodes: expected_codes }),
  };
}

function sourceOf({ kind, id }: L7Policy | Listener | Pool): Source {
  return { kind, namespace: '', name: id };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
