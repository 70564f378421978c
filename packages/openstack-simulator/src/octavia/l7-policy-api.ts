import { parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { type Complete, type Given, readBody } from '../shape/shape.js';
import { POLICY_POST, POLICY_PUT } from './fields.js';
import { noChildren, unhandledNesting } from './l7-faults.js';
import { resolveAction } from './l7-policy-action.js';
import type { L7Policy, Listener } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import { notFound, TITLES } from './octavia-faults.js';
import { requireCompatible } from './protocols.js';
import { requireL7Support } from './providers.js';
import { createdAnswer, manyAnswer, NO_CONTENT, oneAnswer } from './resource-answers.js';
import type { Operation } from './worker.js';

const PATH = '/v2/lbaas/l7policies';
const LAST_POSITION = 2147483647;
const FILTERS = ['description', 'listener_id', 'action', 'position'].concat([
  'redirect_pool_id',
  'redirect_url',
  'redirect_prefix',
  'redirect_http_code',
]);

export type GivenPolicy = Complete<typeof POLICY_PUT, 'action'>;

export function addPolicyRoutes(routes: RouteTable, context: OctaviaContext): void {
  routes
    .add('GET', PATH, (request) =>
      manyAnswer(request, context, {
        name: 'l7policies',
        items: context.visible(context.state.l7Policies.values(), request.caller, request.query.get('project_id')),
        fields: FILTERS,
      }),
    )
    .add('GET', `${PATH}/:policy`, (request) =>
      oneAnswer(request, context, 'l7policy', context.read('l7policy', parameter(request, 'policy'), request.caller)),
    )
    .add('POST', PATH, (request) => {
      const given = readBody(request.body, {
        argument: 'l7policy_',
        root: 'l7policy',
        fields: POLICY_POST,
        mandatory: ['action', 'listener_id'],
      });
      const listener = context.find('listener', given.listener_id);
      const loadBalancer = context.loadBalancerOf(listener);
      context.requireWriter(request.caller, listener.project_id);
      if (listener.protocol === 'PROMETHEUS') throw noChildren(listener.protocol);
      requirePool(context, listener, given.redirect_pool_id);
      requireL7Support(loadBalancer.provider, 'creating l7policies');
      context.quotas.require('l7policy', listener.project_id);
      context.worker.requireMutable(loadBalancer);
      if (given.rules !== undefined && given.rules !== null && given.rules.length > 0) throw unhandledNesting();
      const policy = insertPolicy(context, listener, given);
      submit(context, policy, 'create');
      return createdAnswer('l7policy', context.views.l7Policy(policy));
    })
    .add('PUT', `${PATH}/:policy`, (request) => {
      const given = readBody(request.body, { argument: 'l7policy_', root: 'l7policy', fields: POLICY_PUT });
      const policy = context.write('l7policy', parameter(request, 'policy'), request.caller);
      const listener = context.find('listener', policy.listener_id);
      const action = resolveAction(actionOf(given), policy);
      requirePool(context, listener, given.redirect_pool_id);
      context.worker.requireMutable(context.loadBalancerOf(policy));
      requireOwnPool(context, listener, action.redirect_pool_id);
      Object.assign(policy, action, describedChange(given, policy), { updated_at: context.now() });
      if (given.position !== undefined && given.position !== null) context.state.place(policy, given.position);
      submit(context, policy, 'update');
      return oneAnswer(request, context, 'l7policy', policy);
    })
    .add('DELETE', `${PATH}/:policy`, (request) => {
      const policy = context.write('l7policy', parameter(request, 'policy'), request.caller);
      context.worker.requireMutable(context.loadBalancerOf(policy));
      submit(context, policy, 'delete');
      return NO_CONTENT;
    });
}

/** Stores a new policy at its position; without one, behind all others. @throws ApiFault */
export function insertPolicy(context: OctaviaContext, listener: Listener, given: GivenPolicy): L7Policy {
  const action = resolveAction(actionOf(given));
  requireOwnPool(context, listener, action.redirect_pool_id);
  const policy: L7Policy = {
    ...context.newborn(listener.project_id),
    kind: 'l7policy',
    listener_id: listener.id,
    ...action,
    name: given.name ?? '',
    description: given.description ?? '',
    admin_state_up: given.admin_state_up ?? true,
    tags: given.tags ?? [],
    position: LAST_POSITION,
  };
  context.state.l7Policies.set(policy.id, policy);
  context.state.place(policy, given.position ?? LAST_POSITION);
  return policy;
}

/** Name, description, switch and tags after a PUT, the same for all kinds that have them. */
export function describedChange(
  given: Given<Pick<typeof POLICY_PUT, 'name' | 'description' | 'admin_state_up' | 'tags'>>,
  before: Pick<L7Policy, 'name' | 'description' | 'admin_state_up' | 'tags'>,
) {
  return {
    name: given.name === undefined ? before.name : (given.name ?? ''),
    description: given.description === undefined ? before.description : (given.description ?? ''),
    admin_state_up: given.admin_state_up === undefined ? before.admin_state_up : given.admin_state_up === true,
    tags: given.tags === undefined ? before.tags : (given.tags ?? []),
  };
}

function actionOf({
  action,
  redirect_pool_id,
  redirect_url,
  redirect_prefix,
  redirect_http_code,
}: Given<typeof POLICY_PUT>) {
  return {
    ...(action !== undefined && action !== null && { action }),
    ...(redirect_pool_id !== undefined && { redirect_pool_id }),
    ...(redirect_url !== undefined && { redirect_url }),
    ...(redirect_prefix !== undefined && { redirect_prefix }),
    ...(redirect_http_code !== undefined && { redirect_http_code }),
  };
}

function requirePool(context: OctaviaContext, listener: Listener, poolId: string | null | undefined): void {
  if (poolId) requireCompatible(listener.protocol, context.find('pool', poolId).protocol);
}

/** @throws ApiFault 404 where the pool is another load balancer's */
function requireOwnPool(context: OctaviaContext, listener: Listener, poolId: string | null): void {
  if (poolId === null) return;
  if (context.find('pool', poolId).loadbalancer_id !== listener.loadbalancer_id) throw notFound(TITLES.pool, poolId);
}

function submit(context: OctaviaContext, policy: L7Policy, operation: Operation): void {
  context.worker.submit({
    loadBalancer: context.loadBalancerOf(policy),
    operation,
    kind: 'l7policy',
    subjects: [policy],
    parents: [context.find('listener', policy.listener_id)],
  });
}
