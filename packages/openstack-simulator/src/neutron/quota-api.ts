import { ApiFault } from '../http/api-fault.js';
import { parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { integer } from '../shape/readers.js';
import type { NeutronContext } from './neutron.js';
import { readNeutronBody } from './neutron-body.js';

const RESOURCES = [
  'network',
  'subnet',
  'port',
  'router',
  'floatingip',
  'security_group',
  'security_group_rule',
] as const;

export type NeutronResource = (typeof RESOURCES)[number];

/** Limits by project; what is absent is unlimited. */
export type NeutronQuotas = Map<string, Partial<Record<NeutronResource, number>>>;

const FIELDS = Object.fromEntries(RESOURCES.map((resource) => [resource, integer({ minimum: -1 })]));

export function addNeutronQuotaRoutes(routes: RouteTable, { quotas }: NeutronContext): void {
  const view = (projectId: string) =>
    Object.fromEntries(RESOURCES.map((resource) => [resource, quotas.get(projectId)?.[resource] ?? -1]));
  routes
    .add('GET', '/v2.0/quotas/:project', (request) => ({
      status: 200,
      body: { quota: view(parameter(request, 'project')) },
    }))
    .add('PUT', '/v2.0/quotas/:project', (request) => {
      if (!request.caller.roles.includes('admin')) {
        throw new ApiFault(403, 'rule:update_quota is disallowed by policy', 'PolicyNotAuthorized');
      }
      const projectId = parameter(request, 'project');
      quotas.set(projectId, { ...quotas.get(projectId), ...readNeutronBody(request.body, 'quota', FIELDS) });
      return { status: 200, body: { quota: view(projectId) } };
    });
}

/** @throws ApiFault 409 where one more would be too many */
export function requireNeutronQuota(
  { quotas }: NeutronContext,
  projectId: string,
  resource: NeutronResource,
  used: number,
): void {
  const limit = quotas.get(projectId)?.[resource] ?? -1;
  if (limit !== -1 && used >= limit) {
    throw new ApiFault(409, `Quota exceeded for resources: ['${resource}'].`, 'OverQuota');
  }
}
