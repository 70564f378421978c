import { ApiFault } from '../http/api-fault.js';
import { parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { type Complete, type Given, readBody } from '../shape/shape.js';
import { POOL_NESTED, POOL_POST, POOL_PUT } from './fields.js';
import { noChildren, poolInUse, unhandledNesting } from './l7-faults.js';
import { describedChange } from './l7-policy-api.js';
import type { Listener, LoadBalancer, Pool, SessionPersistence } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import { validationFailure } from './octavia-faults.js';
import { requireCompatible } from './protocols.js';
import { requireAlgorithmSupport, requireProtocolSupport } from './providers.js';
import { createdAnswer, manyAnswer, NO_CONTENT, oneAnswer } from './resource-answers.js';
import {
  DEFAULT_ALPN_PROTOCOLS,
  DEFAULT_TLS_CIPHERS,
  DEFAULT_TLS_VERSIONS,
  requireAlpnProtocols,
  requireCertificates,
  requireTlsVersions,
} from './tls-options.js';
import type { Operation } from './worker.js';

const PATH = '/v2/lbaas/pools';
const FILTERS = [
  'description',
  'protocol',
  'lb_algorithm',
  'loadbalancer_id',
  'healthmonitor_id',
  'tls_enabled',
].concat(['tls_container_ref', 'ca_tls_container_ref', 'crl_container_ref', 'tls_ciphers']);

export type GivenPool = Complete<typeof POOL_NESTED, 'protocol' | 'lb_algorithm'>;

export function addPoolRoutes(routes: RouteTable, context: OctaviaContext): void {
  routes
    .add('GET', PATH, (request) =>
      manyAnswer(request, context, {
        name: 'pools',
        items: context.visible(context.state.pools.values(), request.caller, request.query.get('project_id')),
        fields: FILTERS,
        hidden: ({ loadbalancer_id }) => ({ loadbalancer_id }),
      }),
    )
    .add('GET', `${PATH}/:pool`, (request) =>
      oneAnswer(request, context, 'pool', context.read('pool', parameter(request, 'pool'), request.caller)),
    )
    .add('POST', PATH, (request) => {
      const given = readBody(request.body, {
        argument: 'pool_',
        root: 'pool',
        fields: POOL_POST,
        mandatory: ['protocol', 'lb_algorithm'],
      });
      const { loadBalancer, listener } = parentOf(context, given);
      context.requireWriter(request.caller, loadBalancer.project_id);
      if (listener !== undefined) {
        if (listener.protocol === 'PROMETHEUS') throw noChildren(listener.protocol);
        requireCompatible(listener.protocol, given.protocol);
      }
      requireSessionPersistence(given.session_persistence ?? null, given.protocol);
      requireProtocolSupport(loadBalancer.provider, given.protocol);
      requireAlgorithmSupport(loadBalancer.provider, given.lb_algorithm);
      context.quotas.require('pool', loadBalancer.project_id);
      if (listener !== undefined && listener.default_pool_id !== null) {
        throw new ApiFault(409, 'This listener already has a default pool');
      }
      context.worker.requireMutable(loadBalancer);
      if (given.healthmonitor || (given.members ?? []).length > 0) throw unhandledNesting();
      const pool = insertPool(context, loadBalancer, given);
      if (listener !== undefined) listener.default_pool_id = pool.id;
      submit(context, pool, 'create');
      return createdAnswer('pool', context.views.pool(pool));
    })
    .add('PUT', `${PATH}/:pool`, (request) => {
      const given = readBody(request.body, { argument: 'pool_', root: 'pool', fields: POOL_PUT });
      const pool = context.write('pool', parameter(request, 'pool'), request.caller);
      const changed = change(pool, given);
      requireReferences(context, given);
      requireTlsVersions(given.tls_versions);
      requireAlpnProtocols(given.alpn_protocols);
      context.worker.requireMutable(context.loadBalancerOf(pool));
      Object.assign(pool, changed, { updated_at: context.now() });
      submit(context, pool, 'update');
      return oneAnswer(request, context, 'pool', pool);
    })
    .add('DELETE', `${PATH}/:pool`, (request) => {
      const pool = context.write('pool', parameter(request, 'pool'), request.caller);
      const [policy] = context.state.policiesLeadingTo(pool);
      if (policy !== undefined) throw poolInUse(pool.id, policy.id);
      context.worker.requireMutable(context.loadBalancerOf(pool));
      submit(context, pool, 'delete');
      return NO_CONTENT;
    });
}

/** Stores a new pool, without its members and monitor. @throws ApiFault 400 */
export function insertPool(context: OctaviaContext, loadBalancer: LoadBalancer, given: GivenPool): Pool {
  requireReferences(context, given);
  const tls = given.tls_enabled === true;
  if (tls) {
    requireTlsVersions(given.tls_versions);
    requireAlpnProtocols(given.alpn_protocols);
  }
  const pool: Pool = {
    ...context.newborn(loadBalancer.project_id),
    kind: 'pool',
    loadbalancer_id: loadBalancer.id,
    name: given.name ?? '',
    description: given.description ?? '',
    admin_state_up: given.admin_state_up ?? true,
    tags: given.tags ?? [],
    protocol: given.protocol,
    lb_algorithm: given.lb_algorithm,
    session_persistence: sessionPersistence(given.session_persistence ?? null, null),
    tls_enabled: tls,
    tls_container_ref: given.tls_container_ref ?? null,
    ca_tls_container_ref: given.ca_tls_container_ref ?? null,
    crl_container_ref: given.crl_container_ref ?? null,
    tls_ciphers: given.tls_ciphers ?? (tls ? DEFAULT_TLS_CIPHERS : null),
    tls_versions: given.tls_versions ?? (tls ? DEFAULT_TLS_VERSIONS : null),
    alpn_protocols: given.alpn_protocols ?? (tls ? DEFAULT_ALPN_PROTOCOLS : null),
  };
  context.state.pools.set(pool.id, pool);
  return pool;
}

function parentOf(
  context: OctaviaContext,
  given: Given<typeof POOL_POST>,
): { loadBalancer: LoadBalancer; listener?: Listener } {
  if (given.loadbalancer_id) {
    const loadBalancer = context.find('loadbalancer', given.loadbalancer_id);
    return given.listener_id
      ? { loadBalancer, listener: context.find('listener', given.listener_id) }
      : { loadBalancer };
  }
  if (given.listener_id) {
    const listener = context.find('listener', given.listener_id);
    return { loadBalancer: context.loadBalancerOf(listener), listener };
  }
  throw validationFailure('Must provide at least one of: loadbalancer_id, listener_id');
}

function change(pool: Pool, given: Given<typeof POOL_PUT>): Partial<Pool> {
  const { session_persistence } = given;
  if (session_persistence)
    requireSessionPersistence({ type: pool.session_persistence?.type ?? null, ...session_persistence }, pool.protocol);
  const next = <K extends keyof typeof POOL_PUT & keyof Pool>(field: K, empty: Pool[K]): Pool[K] => {
    const named = given[field];
    return named === undefined ? pool[field] : ((named as Pool[K] | null) ?? empty);
  };
  return {
    ...describedChange(given, pool),
    lb_algorithm: next('lb_algorithm', pool.lb_algorithm),
    session_persistence:
      session_persistence === undefined
        ? pool.session_persistence
        : sessionPersistence(session_persistence, pool.session_persistence),
    tls_container_ref: next('tls_container_ref', null),
    ca_tls_container_ref: next('ca_tls_container_ref', null),
    crl_container_ref: next('crl_container_ref', null),
    tls_enabled: next('tls_enabled', false),
    tls_ciphers: next('tls_ciphers', DEFAULT_TLS_CIPHERS),
    tls_versions: next('tls_versions', DEFAULT_TLS_VERSIONS),
    alpn_protocols: next('alpn_protocols', null),
  };
}

type GivenPersistence = { readonly [K in keyof SessionPersistence]?: SessionPersistence[K] | null };

/** What Linux Virtual Server serves, and not HAProxy. */
const TIMED_PERSISTENCE: ReadonlySet<string> = new Set(['UDP', 'SCTP']);

function requireSessionPersistence(given: GivenPersistence | null, protocol: string): void {
  if (given === null) return;
  const { type, cookie_name: cookie } = given;
  if (!TIMED_PERSISTENCE.has(protocol) && (given.persistence_timeout || given.persistence_granularity)) {
    throw validationFailure('persistence_timeout and persistence_granularity is only for UDP and SCTP protocol pools.');
  }
  if (cookie && type !== 'APP_COOKIE') {
    throw validationFailure('Field "cookie_name" can only be specified with session persistence of type "APP_COOKIE".');
  }
  if (type === 'APP_COOKIE' && !cookie) {
    throw validationFailure(
      'Field "cookie_name" must be specified when using the "APP_COOKIE" session persistence type.',
    );
  }
}

function sessionPersistence(
  given: GivenPersistence | null,
  before: SessionPersistence | null,
): SessionPersistence | null {
  const type = given?.type ?? before?.type;
  if (given === null || type === undefined) return null;
  return {
    type,
    cookie_name: given.cookie_name ?? null,
    persistence_timeout: given.persistence_timeout ?? null,
    persistence_granularity: given.persistence_granularity ?? null,
  };
}

function requireReferences(context: OctaviaContext, given: Given<typeof POOL_PUT>): void {
  const references = [given.tls_container_ref, given.ca_tls_container_ref, given.crl_container_ref];
  requireCertificates(
    context,
    references.filter((reference) => typeof reference === 'string'),
  );
}

function submit(context: OctaviaContext, pool: Pool, operation: Operation): void {
  context.worker.submit({
    loadBalancer: context.loadBalancerOf(pool),
    operation,
    kind: 'pool',
    subjects: [pool],
    parents: context.state.listenersUsing(pool),
  });
}
