import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { type Complete, readBody } from '../shape/shape.js';
import { RULE_MANDATORY, RULE_POST, RULE_PUT } from './fields.js';
import { tooManyRules } from './l7-faults.js';
import { checkRule } from './l7-rule-check.js';
import type { L7Policy, L7Rule } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import { immutable } from './octavia-faults.js';
import { requireL7Support } from './providers.js';
import { createdAnswer, manyAnswer, NO_CONTENT, oneAnswer } from './resource-answers.js';
import type { Operation } from './worker.js';

const PATH = '/v2/lbaas/l7policies/:policy/rules';
const MOST_RULES = 50;
const FILTERS = ['type', 'compare_type', 'key', 'value', 'invert', 'l7policy_id'];

export type GivenRule = Complete<typeof RULE_PUT, (typeof RULE_MANDATORY)[number]>;

export function addRuleRoutes(routes: RouteTable, context: OctaviaContext): void {
  routes
    .add('GET', PATH, (request) => {
      const policy = policyOf(request, context);
      context.requireReader(request.caller, policy.project_id);
      return manyAnswer(request, context, {
        name: 'rules',
        items: context.state.rulesOf(policy),
        fields: FILTERS,
      });
    })
    .add('GET', `${PATH}/:rule`, (request) => {
      policyOf(request, context);
      return oneAnswer(request, context, 'rule', context.read('l7rule', parameter(request, 'rule'), request.caller));
    })
    .add('POST', PATH, (request) => {
      const given = readBody(request.body, {
        argument: 'rule_',
        root: 'rule',
        fields: RULE_POST,
        mandatory: RULE_MANDATORY,
      });
      const policy = policyOf(request, context);
      context.requireWriter(request.caller, policy.project_id);
      const rule = buildRule(context, policy, given);
      if (context.state.rulesOf(policy).length >= MOST_RULES) throw tooManyRules(policy.id);
      requireL7Support(context.loadBalancerOf(policy).provider, 'creating l7rules');
      context.quotas.require('l7rule', policy.project_id);
      requireMutable(context, policy);
      context.state.l7Rules.set(rule.id, rule);
      submit(context, policy, rule, 'create');
      return createdAnswer('rule', context.views.l7Rule(rule));
    })
    .add('PUT', `${PATH}/:rule`, (request) => {
      const given = readBody(request.body, { argument: 'l7rule_', root: 'rule', fields: RULE_PUT });
      const rule = context.find('l7rule', parameter(request, 'rule'));
      const policy = policyOf(request, context);
      context.requireWriter(request.caller, rule.project_id);
      const changed = {
        type: given.type ?? rule.type,
        compare_type: given.compare_type ?? rule.compare_type,
        key: given.key === undefined ? rule.key : given.key,
        value: given.value ?? rule.value,
      };
      checkRule(changed);
      requireMutable(context, policy);
      Object.assign(rule, changed, {
        // null is false for both of these.
        invert: given.invert === undefined ? rule.invert : given.invert === true,
        admin_state_up: given.admin_state_up === undefined ? rule.admin_state_up : given.admin_state_up === true,
        tags: given.tags ?? rule.tags,
        updated_at: context.now(),
      });
      submit(context, policy, rule, 'update');
      return oneAnswer(request, context, 'rule', rule);
    })
    .add('DELETE', `${PATH}/:rule`, (request) => {
      const rule = context.find('l7rule', parameter(request, 'rule'));
      const policy = policyOf(request, context);
      context.requireWriter(request.caller, rule.project_id);
      requireMutable(context, policy);
      submit(context, policy, rule, 'delete');
      return NO_CONTENT;
    });
}

/** @throws ApiFault 400 where Octavia does not take the rule */
export function buildRule(context: OctaviaContext, policy: L7Policy, given: GivenRule): L7Rule {
  const { type, compare_type, value } = given;
  const key = given.key ?? null;
  checkRule({ type, compare_type, key, value });
  return {
    ...context.newborn(policy.project_id),
    kind: 'l7rule',
    l7policy_id: policy.id,
    name: '',
    type,
    compare_type,
    key,
    value,
    invert: given.invert ?? false,
    admin_state_up: given.admin_state_up ?? true,
    tags: given.tags ?? [],
  };
}

function policyOf(request: AuthenticatedRequest, context: OctaviaContext): L7Policy {
  return context.parent('l7policy', parameter(request, 'policy'));
}

/** @throws ApiFault 409; a policy in ERROR takes no rules even though its load balancer takes writes */
function requireMutable(context: OctaviaContext, policy: L7Policy): void {
  if (policy.provisioning_status !== 'ACTIVE') throw immutable('L7Policy', policy.id);
  context.worker.requireMutable(context.loadBalancerOf(policy));
}

function submit(context: OctaviaContext, policy: L7Policy, rule: L7Rule, operation: Operation): void {
  const listener = context.find('listener', policy.listener_id);
  context.worker.submit({
    loadBalancer: context.loadBalancerOf(policy),
    operation,
    kind: 'l7rule',
    subjects: [rule],
    parents: [listener, policy],
  });
}
