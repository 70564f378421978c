import { parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { integer } from '../shape/readers.js';
import { readBody } from '../shape/shape.js';
import type { OctaviaContext } from './octavia-context.js';
import type { ProjectQuota } from './quotas.js';

const PATH = '/v2/lbaas/quotas';
const LIMIT = integer({ minimum: -1, maximum: 2000000000 });
const FIELDS = {
  loadbalancer: LIMIT,
  load_balancer: LIMIT,
  listener: LIMIT,
  member: LIMIT,
  pool: LIMIT,
  healthmonitor: LIMIT,
  health_monitor: LIMIT,
  l7policy: LIMIT,
  l7rule: LIMIT,
};

/** Everybody may read his project's quotas; only an administrator may set them. */
export function addQuotaRoutes(routes: RouteTable, context: OctaviaContext): void {
  routes
    .add('GET', `${PATH}/:project/default`, (request) => {
      context.requireReader(request.caller, parameter(request, 'project'));
      return { status: 200, body: { quota: view(context.quotas.defaults) } };
    })
    .add('GET', `${PATH}/:project`, (request) => {
      context.requireReader(request.caller, parameter(request, 'project'));
      return { status: 200, body: { quota: view(context.quotas.of(parameter(request, 'project'))) } };
    })
    .add('PUT', `${PATH}/:project`, (request) => {
      const given = readBody(request.body, { argument: 'quotas', root: 'quota', fields: FIELDS });
      context.requireGlobal(request.caller);
      const { load_balancer, health_monitor, ...rest } = given;
      const limits = { loadbalancer: load_balancer, healthmonitor: health_monitor, ...rest };
      context.quotas.set(
        parameter(request, 'project'),
        Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined && limit !== null)),
      );
      return { status: 202, body: { quota: view(context.quotas.of(parameter(request, 'project'))) } };
    })
    .add('DELETE', `${PATH}/:project`, (request) => {
      context.requireGlobal(request.caller);
      context.quotas.reset(parameter(request, 'project'));
      return { status: 202 };
    });
}

/** Octavia answers two of them under names that it calls misspelled. */
function view({ loadbalancer, healthmonitor, ...rest }: ProjectQuota) {
  return { ...rest, load_balancer: loadbalancer, health_monitor: healthmonitor };
}
