import type { ExpectationSuite, Step } from './expectation.js';
import { FULL_LOAD_BALANCER, fault, lookUpFault, POOL_IDS } from './steps.js';

const MEMBERS = '/v2/lbaas/pools/{one}/members';

function putMembers(members: readonly unknown[], query = ''): Step {
  return { send: `PUT ${MEMBERS}${query}`, body: { members }, status: 202, answer: {}, settles: 'ACTIVE' };
}

/** In order of address. */
function members(...expected: readonly unknown[]): Step {
  return { send: `GET ${MEMBERS}?sort=address`, status: 200, answer: { members: expected } };
}

const A = { address: '127.0.0.1', protocol_port: 8081 };
const B = { address: '127.0.0.2', protocol_port: 8081 };
const C = { address: '127.0.0.3', protocol_port: 8081 };

export const POOLS: ExpectationSuite = {
  name: 'Pools, members and health monitors',
  setup: [FULL_LOAD_BALANCER, ...POOL_IDS],
  expectations: [
    {
      name: 'shows a new pool with nothing but what was asked for',
      steps: [
        {
          send: 'POST /v2/lbaas/pools',
          body: {
            pool: {
              loadbalancer_id: '{loadBalancer}',
              name: 'one',
              protocol: 'HTTP',
              lb_algorithm: 'LEAST_CONNECTIONS',
              session_persistence: { type: 'HTTP_COOKIE' },
            },
          },
          status: 201,
          answer: {
            pool: {
              name: 'one',
              provisioning_status: 'PENDING_CREATE',
              operating_status: 'OFFLINE',
              session_persistence: {
                type: 'HTTP_COOKIE',
                cookie_name: null,
                persistence_timeout: null,
                persistence_granularity: null,
              },
              loadbalancers: [{ id: '{loadBalancer}' }],
              listeners: [],
              members: [],
              healthmonitor_id: undefined,
              tls_enabled: false,
              tls_ciphers: null,
              tls_versions: null,
              alpn_protocols: null,
            },
          },
          save: { third: 'pool.id' },
          settles: 'ACTIVE',
        },
      ],
    },
    {
      name: 'keeps a pool that no listener uses OFFLINE, and says what is wrong with a session persistence',
      steps: [
        {
          send: 'GET /v2/lbaas/pools/{third}',
          status: 200,
          answer: { pool: { provisioning_status: 'ACTIVE', operating_status: 'OFFLINE' } },
        },
        {
          send: 'PUT /v2/lbaas/pools/{third}',
          body: { pool: { session_persistence: { type: 'APP_COOKIE' } } },
          status: 400,
          answer: fault(
            'Validation failure: Field "cookie_name" must be specified when using the "APP_COOKIE" session persistence type.',
          ),
        },
        {
          send: 'PUT /v2/lbaas/pools/{third}',
          body: { pool: { protocol: 'TCP' } },
          status: 400,
          answer: fault('Unknown attribute for argument pool_.pool: protocol'),
        },
        {
          send: 'PUT /v2/lbaas/pools/{third}',
          body: { pool: { lb_algorithm: 'SOURCE_IP', session_persistence: null } },
          status: 200,
          answer: {
            pool: { lb_algorithm: 'SOURCE_IP', session_persistence: null, provisioning_status: 'PENDING_UPDATE' },
          },
          settles: 'ACTIVE',
        },
        { send: 'DELETE /v2/lbaas/pools/{third}', status: 204, settles: 'ACTIVE' },
        { send: 'GET /v2/lbaas/pools/{third}', status: 404, answer: fault('Pool {third} not found.') },
      ],
    },
    {
      name: 'replaces all members by one PUT: adds, updates by address and port, deletes',
      steps: [
        putMembers([{ ...A, name: 'a', weight: 3, backup: true, monitor_port: 9000, tags: ['t'] }, B]),
        members({ ...A, name: 'a', weight: 3, backup: true, monitor_port: 9000, tags: ['t'] }, { ...B, weight: 1 }),
        putMembers([A, C]),
        members({ ...A, provisioning_status: 'ACTIVE' }, { ...C, operating_status: 'NO_MONITOR' }),
      ],
    },
    {
      name: 'resets what a PUT of members leaves out, but keeps names and tags',
      steps: [members({ ...A, name: 'a', tags: ['t'], weight: 1, backup: false, monitor_port: null }, C)],
    },
    {
      name: 'deletes no member where the PUT is additive',
      steps: [putMembers([{ ...A, weight: 5 }, B], '?additive_only=true'), members({ ...A, weight: 5 }, B, C)],
    },
    {
      name: 'refuses a member twice: 400 where it is there already, 409 where it is new',
      steps: [
        {
          send: `PUT ${MEMBERS}`,
          body: { members: [A, A] },
          status: 400,
          answer: fault('Validation failure: Member must be updated only once in the same request.'),
        },
        {
          send: `PUT ${MEMBERS}`,
          body: {
            members: [
              { address: '127.0.0.9', protocol_port: 1 },
              { address: '127.0.0.9', protocol_port: 1 },
            ],
          },
          status: 409,
          answer: fault('Another member on this pool is already using ip 127.0.0.9 on protocol_port 1'),
        },
        {
          send: `POST ${MEMBERS}`,
          body: { member: A },
          status: 409,
          answer: fault('Another member on this pool is already using ip 127.0.0.1 on protocol_port 8081'),
        },
        {
          send: `PUT ${MEMBERS}`,
          body: { members: [{ address: '169.254.169.254', protocol_port: 1 }] },
          status: 400,
          answer: fault('169.254.169.254 is not a valid option for member address'),
        },
        members(A, B, C),
      ],
    },
    {
      name: 'tells the change of a member in its own time, in whole seconds',
      steps: [
        { send: 'GET /v2/lbaas/pools/{one}', status: 200, save: { time: 'pool.updated_at' } },
        { ...putMembers([{ ...A, weight: 4 }, B, C]), after: 2_000 },
        { send: 'GET /v2/lbaas/pools/{one}', status: 200, answer: { pool: { updated_at: '!{time}' } } },
      ],
    },
    {
      name: 'writes the very same members once more, and empties a pool',
      steps: [putMembers([{ ...A, weight: 5 }, B, C]), members({ ...A, weight: 5 }, B, C), putMembers([]), members()],
    },
    {
      name: 'gives a pool one health monitor, with defaults for HTTP',
      steps: [
        {
          send: 'POST /v2/lbaas/healthmonitors',
          body: { healthmonitor: { pool_id: '{one}', type: 'HTTP', delay: 5, timeout: 3, max_retries: 2 } },
          status: 201,
          answer: {
            healthmonitor: {
              max_retries_down: 3,
              http_method: 'GET',
              url_path: '/',
              expected_codes: '200',
              http_version: null,
              domain_name: null,
              pools: [{ id: '{one}' }],
              provisioning_status: 'PENDING_CREATE',
            },
          },
          save: { monitor: 'healthmonitor.id' },
          settles: 'ACTIVE',
        },
        {
          send: 'POST /v2/lbaas/healthmonitors',
          body: { healthmonitor: { pool_id: '{one}', type: 'TCP', delay: 5, timeout: 3, max_retries: 2 } },
          status: 409,
          answer: fault('This pool already has a health monitor'),
        },
        { send: 'GET /v2/lbaas/pools/{one}', status: 200, answer: { pool: { healthmonitor_id: '{monitor}' } } },
      ],
    },
    {
      name: 'changes a health monitor in all but its type',
      steps: [
        {
          send: 'PUT /v2/lbaas/healthmonitors/{monitor}',
          body: { healthmonitor: { timeout: 9, url_path: '/healthz', expected_codes: '200-204' } },
          status: 200,
          answer: { healthmonitor: { delay: 5, timeout: 9, url_path: '/healthz', expected_codes: '200-204' } },
          settles: 'ACTIVE',
        },
        {
          send: 'PUT /v2/lbaas/healthmonitors/{monitor}',
          body: { healthmonitor: { type: 'TCP' } },
          status: 400,
          answer: fault('Unknown attribute for argument health_monitor_.healthmonitor: type'),
        },
        {
          send: 'PUT /v2/lbaas/healthmonitors/{monitor}',
          body: { healthmonitor: { domain_name: 'a.example' } },
          status: 400,
          answer: fault("Validation failure: 'http_version' must be specified when 'domain_name' is provided."),
        },
      ],
    },
    {
      name: 'deletes members and monitor with their pool',
      steps: [
        putMembers([A]),
        { send: 'DELETE /v2/lbaas/pools/{one}', status: 204, settles: 'ACTIVE' },
        { send: 'GET /v2/lbaas/healthmonitors/{monitor}', status: 404 },
        { send: `GET ${MEMBERS}`, status: 404, answer: lookUpFault('Pool {one} not found.') },
      ],
    },
  ],
};
