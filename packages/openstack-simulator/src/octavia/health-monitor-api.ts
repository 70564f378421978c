import { ApiFault } from '../http/api-fault.js';
import { parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { type Complete, type Given, readBody } from '../shape/shape.js';
import { HEALTH_MONITOR_MANDATORY, HEALTH_MONITOR_NESTED, HEALTH_MONITOR_POST, HEALTH_MONITOR_PUT } from './fields.js';
import type { HealthMonitor, Pool } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import { immutable, invalidOption, TITLES, validationFailure } from './octavia-faults.js';
import { createdAnswer, manyAnswer, NO_CONTENT, oneAnswer } from './resource-answers.js';
import type { Operation } from './worker.js';

const PATH = '/v2/lbaas/healthmonitors';
const FILTERS = ['pool_id', 'type', 'delay', 'timeout', 'max_retries', 'max_retries_down'].concat([
  'http_method',
  'url_path',
  'expected_codes',
  'http_version',
  'domain_name',
]);
const HTTP_DEFAULTS = { http_method: 'GET', url_path: '/', expected_codes: '200' } as const;
const DEFAULT_RETRIES_DOWN = 3;

export type GivenMonitor = Complete<typeof HEALTH_MONITOR_NESTED, (typeof HEALTH_MONITOR_MANDATORY)[number]>;

export function addHealthMonitorRoutes(routes: RouteTable, context: OctaviaContext): void {
  routes
    .add('GET', PATH, (request) =>
      manyAnswer(request, context, {
        name: 'healthmonitors',
        items: context.visible(context.state.healthMonitors.values(), request.caller, request.query.get('project_id')),
        fields: FILTERS,
        hidden: ({ pool_id }) => ({ pool_id }),
      }),
    )
    .add('GET', `${PATH}/:monitor`, (request) =>
      oneAnswer(
        request,
        context,
        'healthmonitor',
        context.read('healthmonitor', parameter(request, 'monitor'), request.caller),
      ),
    )
    .add('POST', PATH, (request) => {
      const given = readBody(request.body, {
        argument: 'health_monitor_',
        root: 'healthmonitor',
        fields: HEALTH_MONITOR_POST,
        mandatory: [...HEALTH_MONITOR_MANDATORY, 'pool_id'],
      });
      const pool = context.find('pool', given.pool_id);
      context.requireWriter(request.caller, pool.project_id);
      context.quotas.require('healthmonitor', pool.project_id);
      requireMutable(context, pool);
      const monitor = insertMonitor(context, pool, given);
      submit(context, pool, monitor, 'create');
      return createdAnswer('healthmonitor', context.views.healthMonitor(monitor));
    })
    .add('PUT', `${PATH}/:monitor`, (request) => {
      const given = readBody(request.body, {
        argument: 'health_monitor_',
        root: 'healthmonitor',
        fields: HEALTH_MONITOR_PUT,
      });
      const monitor = context.write('healthmonitor', parameter(request, 'monitor'), request.caller);
      const changed = change(monitor, given);
      const pool = context.find('pool', monitor.pool_id);
      requireMutable(context, pool);
      Object.assign(monitor, changed, { updated_at: context.now() });
      submit(context, pool, monitor, 'update');
      return oneAnswer(request, context, 'healthmonitor', monitor);
    })
    .add('DELETE', `${PATH}/:monitor`, (request) => {
      const monitor = context.write('healthmonitor', parameter(request, 'monitor'), request.caller);
      const pool = context.find('pool', monitor.pool_id);
      requireMutable(context, pool);
      submit(context, pool, monitor, 'delete');
      return NO_CONTENT;
    });
}

/** Stores a new monitor. @throws ApiFault; a pool has at most one */
export function insertMonitor(context: OctaviaContext, pool: Pool, given: GivenMonitor): HealthMonitor {
  const { type, delay, timeout, max_retries } = given;
  const http = isHttp(type);
  requireNoHttpFields(type, given);
  requireDomainVersion(given.domain_name ?? null, given.http_version ?? null);
  if (context.state.healthMonitorOf(pool) !== undefined) {
    throw new ApiFault(409, 'This pool already has a health monitor');
  }
  const monitor: HealthMonitor = {
    ...context.newborn(pool.project_id),
    kind: 'healthmonitor',
    pool_id: pool.id,
    name: given.name ?? '',
    admin_state_up: given.admin_state_up ?? true,
    tags: given.tags ?? [],
    type,
    delay,
    timeout,
    max_retries,
    max_retries_down: given.max_retries_down ?? DEFAULT_RETRIES_DOWN,
    http_method: http ? (given.http_method ?? HTTP_DEFAULTS.http_method) : null,
    url_path: http ? (given.url_path ?? HTTP_DEFAULTS.url_path) : null,
    expected_codes: http ? (given.expected_codes ?? HTTP_DEFAULTS.expected_codes) : null,
    http_version: given.http_version ?? null,
    domain_name: given.domain_name ?? null,
  };
  context.state.healthMonitors.set(monitor.id, monitor);
  return monitor;
}

function change(before: HealthMonitor, given: Given<typeof HEALTH_MONITOR_PUT>): Partial<HealthMonitor> {
  requireNoHttpFields(before.type, given);
  for (const field of ['delay', 'max_retries', 'timeout'] as const) {
    if (given[field] === null) throw invalidOption('None', field);
  }
  const next = <K extends keyof typeof HEALTH_MONITOR_PUT & keyof HealthMonitor>(field: K, empty: HealthMonitor[K]) =>
    given[field] === undefined ? before[field] : (given[field] ?? empty);
  const changed = {
    name: next('name', ''),
    admin_state_up: next('admin_state_up', false),
    tags: next('tags', []),
    delay: next('delay', before.delay),
    timeout: next('timeout', before.timeout),
    max_retries: next('max_retries', before.max_retries),
    max_retries_down: next('max_retries_down', DEFAULT_RETRIES_DOWN),
    http_method: next('http_method', HTTP_DEFAULTS.http_method),
    url_path: next('url_path', HTTP_DEFAULTS.url_path),
    expected_codes: next('expected_codes', HTTP_DEFAULTS.expected_codes),
    http_version: given.http_version === undefined ? before.http_version : given.http_version,
    domain_name: given.domain_name === undefined ? before.domain_name : given.domain_name,
  };
  requireDomainVersion(changed.domain_name, changed.http_version);
  return changed as Partial<HealthMonitor>;
}

function isHttp(type: string): boolean {
  return type === 'HTTP' || type === 'HTTPS';
}

function requireNoHttpFields(type: string, given: Given<typeof HEALTH_MONITOR_PUT>): void {
  if (isHttp(type)) return;
  for (const field of ['http_method', 'url_path', 'expected_codes'] as const) {
    if (given[field] !== undefined && given[field] !== null) {
      throw invalidOption(field, `health monitors of type ${type}`);
    }
  }
}

function requireDomainVersion(domain: string | null, version: number | null): void {
  if (domain === null) return;
  if (version === null) throw validationFailure("'http_version' must be specified when 'domain_name' is provided.");
  if (version < 1.1) {
    throw invalidOption(`http_version ${version.toFixed(1)}`, 'health monitors HTTP 1.1 domain name health check');
  }
}

function requireMutable(context: OctaviaContext, pool: Pool): void {
  if (pool.provisioning_status !== 'ACTIVE') throw immutable(TITLES.pool, pool.id);
  context.worker.requireMutable(context.loadBalancerOf(pool));
}

function submit(context: OctaviaContext, pool: Pool, monitor: HealthMonitor, operation: Operation): void {
  context.worker.submit({
    loadBalancer: context.loadBalancerOf(pool),
    operation,
    kind: 'healthmonitor',
    subjects: [monitor],
    parents: [...context.state.listenersUsing(pool), pool],
  });
}
