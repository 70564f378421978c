import { ApiFault } from '../http/api-fault.js';
import { parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { type Complete, type Given, readBody } from '../shape/shape.js';
import { LISTENER_NESTED, LISTENER_POST, LISTENER_PUT } from './fields.js';
import { noChildren, unhandledNesting } from './l7-faults.js';
import { describedChange } from './l7-policy-api.js';
import { listenerReferences, requireAllowedCidrs, requireInsertHeaders, requireListenerTls } from './listener-check.js';
import type { Listener, LoadBalancer } from './objects.js';
import type { OctaviaContext } from './octavia-context.js';
import { notFound, TITLES } from './octavia-faults.js';
import { requireCompatible } from './protocols.js';
import { requireProtocolSupport } from './providers.js';
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

const PATH = '/v2/lbaas/listeners';
const FILTERS = [
  'description',
  'protocol',
  'protocol_port',
  'default_pool_id',
  'loadbalancer_id',
  'connection_limit',
].concat([
  'default_tls_container_ref',
  'client_authentication',
  'tls_ciphers',
  'timeout_client_data',
  'timeout_member_data',
]);
const TIMEOUTS = {
  timeout_client_data: 50000,
  timeout_member_connect: 5000,
  timeout_member_data: 50000,
  timeout_tcp_inspect: 0,
};
const UDP_LIKE: Readonly<Record<string, string>> = { UDP: 'UDP', SCTP: 'SCTP' };

export type GivenListener = Complete<typeof LISTENER_NESTED, 'protocol' | 'protocol_port'>;

export function addListenerRoutes(routes: RouteTable, context: OctaviaContext): void {
  routes
    .add('GET', PATH, (request) =>
      manyAnswer(request, context, {
        name: 'listeners',
        items: context.visible(context.state.listeners.values(), request.caller, request.query.get('project_id')),
        fields: FILTERS,
        hidden: ({ loadbalancer_id }) => ({ loadbalancer_id }),
      }),
    )
    .add('GET', `${PATH}/:listener`, (request) =>
      oneAnswer(request, context, 'listener', context.read('listener', parameter(request, 'listener'), request.caller)),
    )
    .add('GET', `${PATH}/:listener/stats`, (request) => {
      context.read('listener', parameter(request, 'listener'), request.caller);
      return { status: 200, body: { stats: NO_TRAFFIC } };
    })
    .add('POST', PATH, (request) => {
      const given = readBody(request.body, {
        argument: 'listener_',
        root: 'listener',
        fields: LISTENER_POST,
        mandatory: ['protocol', 'protocol_port', 'loadbalancer_id'],
      });
      const loadBalancer = context.find('loadbalancer', given.loadbalancer_id);
      context.requireWriter(request.caller, loadBalancer.project_id);
      requireProtocolSupport(loadBalancer.provider, given.protocol);
      context.quotas.require('listener', loadBalancer.project_id);
      requireDefaultPool(context, loadBalancer, given.protocol, given.default_pool_id);
      context.worker.requireMutable(loadBalancer);
      if (given.default_pool || (given.l7policies ?? []).length > 0) throw unhandledNesting();
      const listener = insertListener(context, loadBalancer, given, given.default_pool_id ?? null);
      submit(context, listener, 'create');
      return createdAnswer('listener', context.views.listener(listener));
    })
    .add('PUT', `${PATH}/:listener`, (request) => {
      const given = readBody(request.body, { argument: 'listener_', root: 'listener', fields: LISTENER_PUT });
      const listener = context.write('listener', parameter(request, 'listener'), request.caller);
      const loadBalancer = context.loadBalancerOf(listener);
      requireListenerTls(listener.protocol, { ...given, isUpdate: true });
      requireInsertHeaders(listener.protocol, given.insert_headers ?? {});
      requireCertificates(context, listenerReferences(given));
      requireAllowedCidrs(loadBalancer, given.allowed_cidrs);
      requireTlsVersions(given.tls_versions);
      requireAlpnProtocols(given.alpn_protocols);
      requireDefaultPool(context, loadBalancer, listener.protocol, given.default_pool_id);
      context.worker.requireMutable(loadBalancer);
      Object.assign(listener, change(listener, given), { updated_at: context.now() });
      submit(context, listener, 'update');
      return oneAnswer(request, context, 'listener', listener);
    })
    .add('DELETE', `${PATH}/:listener`, (request) => {
      const listener = context.write('listener', parameter(request, 'listener'), request.caller);
      context.worker.requireMutable(context.loadBalancerOf(listener));
      submit(context, listener, 'delete');
      return NO_CONTENT;
    });
}

/** `/stats` of a load balancer or listener without traffic. */
export const NO_TRAFFIC = {
  bytes_in: 0,
  bytes_out: 0,
  active_connections: 0,
  total_connections: 0,
  request_errors: 0,
};

/** Stores a new listener, without its policies. @throws ApiFault */
export function insertListener(
  context: OctaviaContext,
  loadBalancer: LoadBalancer,
  given: GivenListener,
  defaultPoolId: string | null,
): Listener {
  const { protocol, protocol_port } = given;
  const tls = protocol === 'TERMINATED_HTTPS';
  requireInsertHeaders(protocol, given.insert_headers ?? {});
  requireListenerTls(protocol, { ...given, isUpdate: false });
  requireCertificates(context, listenerReferences(given));
  requireFreePort(context, loadBalancer, protocol, protocol_port);
  requireAllowedCidrs(loadBalancer, given.allowed_cidrs);
  if (tls) {
    requireTlsVersions(given.tls_versions);
    requireAlpnProtocols(given.alpn_protocols);
  }
  const cidrs = given.allowed_cidrs ?? [];
  const listener: Listener = {
    ...context.newborn(loadBalancer.project_id),
    kind: 'listener',
    loadbalancer_id: loadBalancer.id,
    name: given.name ?? '',
    description: given.description ?? '',
    admin_state_up: given.admin_state_up ?? true,
    tags: given.tags ?? [],
    protocol,
    protocol_port,
    default_pool_id: defaultPoolId,
    connection_limit: given.connection_limit ?? -1,
    default_tls_container_ref: given.default_tls_container_ref ?? null,
    sni_container_refs: given.sni_container_refs ?? [],
    client_ca_tls_container_ref: given.client_ca_tls_container_ref ?? null,
    client_crl_container_ref: given.client_crl_container_ref ?? null,
    client_authentication: given.client_authentication ?? 'NONE',
    insert_headers: given.insert_headers ?? {},
    timeout_client_data: given.timeout_client_data ?? TIMEOUTS.timeout_client_data,
    timeout_member_connect: given.timeout_member_connect ?? TIMEOUTS.timeout_member_connect,
    timeout_member_data: given.timeout_member_data ?? TIMEOUTS.timeout_member_data,
    timeout_tcp_inspect: given.timeout_tcp_inspect ?? TIMEOUTS.timeout_tcp_inspect,
    allowed_cidrs: cidrs.length === 0 ? null : cidrs,
    tls_ciphers: given.tls_ciphers ?? (tls ? DEFAULT_TLS_CIPHERS : null),
    tls_versions: given.tls_versions ?? (tls ? DEFAULT_TLS_VERSIONS : null),
    alpn_protocols: given.alpn_protocols ?? (tls ? DEFAULT_ALPN_PROTOCOLS : null),
    hsts_max_age: given.hsts_max_age ?? null,
    hsts_include_subdomains: given.hsts_include_subdomains ?? false,
    hsts_preload: given.hsts_preload ?? false,
  };
  context.state.listeners.set(listener.id, listener);
  return listener;
}

/** What a null in a PUT makes of a field. */
function cleared(protocol: string) {
  const tls = protocol === 'TERMINATED_HTTPS';
  return {
    ...TIMEOUTS,
    connection_limit: -1,
    default_tls_container_ref: null,
    sni_container_refs: [],
    client_ca_tls_container_ref: null,
    client_crl_container_ref: null,
    client_authentication: 'NONE',
    default_pool_id: null,
    insert_headers: {},
    allowed_cidrs: null,
    tls_ciphers: DEFAULT_TLS_CIPHERS,
    tls_versions: DEFAULT_TLS_VERSIONS,
    alpn_protocols: tls ? DEFAULT_ALPN_PROTOCOLS : null,
    hsts_max_age: null,
    hsts_include_subdomains: false,
    hsts_preload: false,
  };
}

function change(listener: Listener, given: Given<typeof LISTENER_PUT>): Partial<Listener> {
  const named = Object.entries(cleared(listener.protocol)).flatMap(([field, empty]) => {
    const value = given[field as keyof typeof given];
    return value === undefined ? [] : [[field, value ?? empty]];
  });
  const changed: Partial<Listener> = { ...describedChange(given, listener), ...Object.fromEntries(named) };
  if (changed.allowed_cidrs?.length === 0) changed.allowed_cidrs = null;
  return changed;
}

function requireFreePort(context: OctaviaContext, loadBalancer: LoadBalancer, protocol: string, port: number): void {
  const transport = (name: string) => UDP_LIKE[name] ?? 'TCP';
  const other = context.state
    .listenersOf(loadBalancer)
    .find((listener) => listener.protocol_port === port && transport(listener.protocol) === transport(protocol));
  if (other === undefined) return;
  throw new ApiFault(
    409,
    `Another Listener on this Load Balancer is already using protocol ${other.protocol} and protocol_port ${port}`,
  );
}

function requireDefaultPool(
  context: OctaviaContext,
  loadBalancer: LoadBalancer,
  protocol: string,
  poolId: string | null | undefined,
): void {
  if (!poolId) return;
  if (protocol === 'PROMETHEUS') throw noChildren(protocol);
  const pool = context.state.pools.get(poolId);
  if (pool?.loadbalancer_id !== loadBalancer.id) throw notFound(TITLES.pool, poolId);
  requireCompatible(protocol, pool.protocol);
}

function submit(context: OctaviaContext, listener: Listener, operation: Operation): void {
  context.worker.submit({
    loadBalancer: context.loadBalancerOf(listener),
    operation,
    kind: 'listener',
    subjects: [listener],
  });
}
