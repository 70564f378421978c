import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { integer, text, uuid } from '../shape/readers.js';
import type { SecurityGroup, SecurityGroupRule } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import { readNeutronBody } from './neutron-body.js';
import { isVisible, neutronList, type View } from './neutron-listing.js';
import { projectOfNew } from './project-of-new.js';
import { addTagRoutes } from './tag-api.js';

const GROUPS = '/v2.0/security-groups';
const RULES = '/v2.0/security-group-rules';
const GROUP_FIELDS = { name: text({ maximum: 255 }), description: text({ maximum: 255 }), project_id: text() };
const REMOTE_FIELDS = ['port_range_max', 'remote_ip_prefix', 'remote_group_id'] as const;
const RULE_FIELDS = {
  security_group_id: uuid,
  direction: text(),
  ethertype: text(),
  protocol: text(),
  port_range_min: integer(),
  port_range_max: integer(),
  remote_ip_prefix: text(),
  remote_group_id: uuid,
  description: text({ maximum: 255 }),
};

export function addSecurityGroupRoutes(routes: RouteTable, context: NeutronContext): void {
  const { state } = context;
  const rulesOf = ({ id }: SecurityGroup) =>
    [...state.securityGroupRules.values()].filter(({ security_group_id }) => security_group_id === id);
  const view = (group: SecurityGroup): View => ({
    ...group,
    tenant_id: group.project_id,
    stateful: true,
    security_group_rules: rulesOf(group).map(ruleView),
  });
  const find = (request: AuthenticatedRequest, id = parameter(request, 'group')) => {
    const group = state.securityGroups.get(id);
    if (group === undefined || !isVisible(request, group.project_id)) throw groupNotFound(id);
    return group;
  };
  routes
    .add('GET', GROUPS, (request) =>
      neutronList(
        request,
        'security_groups',
        [...state.securityGroups.values()].filter((group) => isVisible(request, group.project_id)).map(view),
      ),
    )
    .add('GET', `${GROUPS}/:group`, (request) => ({ status: 200, body: { security_group: view(find(request)) } }))
    .add('POST', GROUPS, (request) => {
      const given = readNeutronBody(request.body, 'security_group', GROUP_FIELDS);
      const group: SecurityGroup = {
        ...context.newborn(projectOfNew(request, given.project_id)),
        name: given.name ?? '',
        description: given.description ?? '',
      };
      state.securityGroups.set(group.id, group);
      return { status: 201, body: { security_group: view(group) } };
    })
    .add('DELETE', `${GROUPS}/:group`, (request) => {
      const group = find(request);
      if ([...state.ports.values()].some(({ security_groups }) => security_groups.includes(group.id))) {
        throw new ApiFault(409, `Security Group ${group.id} in use.`, 'SecurityGroupInUse');
      }
      for (const rule of rulesOf(group)) state.securityGroupRules.delete(rule.id);
      state.securityGroups.delete(group.id);
      return { status: 204 };
    })
    .add('GET', RULES, (request) =>
      neutronList(
        request,
        'security_group_rules',
        [...state.securityGroupRules.values()].filter((rule) => isVisible(request, rule.project_id)).map(ruleView),
      ),
    )
    .add('POST', RULES, (request) => {
      const rule = createRule(request, context, (id) => find(request, id));
      return { status: 201, body: { security_group_rule: ruleView(rule) } };
    })
    .add('DELETE', `${RULES}/:rule`, (request) => {
      const id = parameter(request, 'rule');
      const rule = state.securityGroupRules.get(id);
      if (rule === undefined || !isVisible(request, rule.project_id)) {
        throw new ApiFault(404, `Security group rule ${id} does not exist`, 'SecurityGroupRuleNotFound');
      }
      state.securityGroupRules.delete(id);
      return { status: 204 };
    });
  addTagRoutes(routes, `${GROUPS}/:group`, (request) => find(request));
}

function createRule(
  request: AuthenticatedRequest,
  context: NeutronContext,
  find: (id: string) => SecurityGroup,
): SecurityGroupRule {
  const given = readNeutronBody(request.body, 'security_group_rule', RULE_FIELDS);
  const group = find(given.security_group_id ?? '');
  const wanted = {
    security_group_id: group.id,
    direction: given.direction ?? 'ingress',
    ethertype: given.ethertype ?? 'IPv4',
    protocol: given.protocol ?? null,
    port_range_min: given.port_range_min ?? null,
    port_range_max: given.port_range_max ?? null,
    remote_ip_prefix: given.remote_ip_prefix ?? null,
    remote_group_id: given.remote_group_id ?? null,
  };
  const rules = [...context.state.securityGroupRules.values()];
  const fields = ['security_group_id', 'direction', 'ethertype', 'protocol', 'port_range_min'] as const;
  const same = rules.find((rule) => [...fields, ...REMOTE_FIELDS].every((field) => rule[field] === wanted[field]));
  if (same !== undefined) {
    throw new ApiFault(409, `Security group rule already exists. Rule id is ${same.id}.`, 'SecurityGroupRuleExists');
  }
  const rule = { ...context.newborn(request.caller.projectId), description: given.description ?? '', ...wanted };
  context.state.securityGroupRules.set(rule.id, rule);
  return rule;
}

function groupNotFound(id: string): ApiFault {
  return new ApiFault(404, `Security group ${id} does not exist`, 'SecurityGroupNotFound');
}

function ruleView(rule: SecurityGroupRule): View {
  return { ...rule, tenant_id: rule.project_id };
}
