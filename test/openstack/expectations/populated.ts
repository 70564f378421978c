import type { ExpectationSuite } from './expectation.js';
import { fault } from './steps.js';

const PATH = '/v2/lbaas/loadbalancers';
const VIP = { vip_subnet_id: '{facts.networks.vips.subnetId}' };
const POOL = { protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' };

export const POPULATED: ExpectationSuite = {
  name: 'A fully populated create',
  setup: [
    {
      send: `POST ${PATH}`,
      body: {
        loadbalancer: {
          ...VIP,
          name: 'populated',
          listeners: [
            {
              name: 'http',
              protocol: 'HTTP',
              protocol_port: 80,
              default_pool: { name: 'default' },
              l7policies: [
                {
                  name: 'to-pool',
                  action: 'REDIRECT_TO_POOL',
                  redirect_pool: { name: 'nested', ...POOL },
                  rules: [
                    { type: 'HOST_NAME', compare_type: 'EQUAL_TO', value: 'a.example' },
                    { type: 'PATH', compare_type: 'STARTS_WITH', value: '/a' },
                  ],
                },
                { name: 'first', action: 'REJECT', position: 1 },
              ],
            },
          ],
          pools: [
            {
              name: 'default',
              ...POOL,
              members: [
                { address: '127.0.0.1', protocol_port: 1 },
                { address: '127.0.0.2', protocol_port: 1 },
              ],
              healthmonitor: { type: 'TCP', delay: 60, timeout: 3, max_retries: 2 },
            },
          ],
        },
      },
      status: 201,
      answer: {
        loadbalancer: {
          provisioning_status: 'PENDING_CREATE',
          listeners: [
            {
              name: 'http',
              provisioning_status: 'PENDING_CREATE',
              loadbalancers: undefined,
              l7policies: [
                { name: 'first', position: 1, rules: [] },
                {
                  name: 'to-pool',
                  position: 2,
                  action: 'REDIRECT_TO_POOL',
                  rules: [{ invert: false }, { invert: false }],
                },
              ],
            },
          ],
        },
      },
      save: { loadBalancer: 'loadbalancer.id', listener: 'loadbalancer.listeners.0.id' },
      settles: 'ACTIVE',
    },
  ],
  expectations: [
    {
      name: 'makes all children, all of them ACTIVE',
      steps: [
        {
          send: 'GET /v2/lbaas/pools?loadbalancer_id={loadBalancer}&sort=name',
          status: 200,
          answer: {
            pools: [
              { name: 'default', provisioning_status: 'ACTIVE', listeners: [{ id: '{listener}' }] },
              { name: 'nested', provisioning_status: 'ACTIVE', listeners: [{ id: '{listener}' }], members: [] },
            ],
          },
          save: { default: 'pools.0.id', nested: 'pools.1.id', monitor: 'pools.0.healthmonitor_id' },
        },
        {
          send: 'GET /v2/lbaas/listeners/{listener}',
          status: 200,
          answer: { listener: { provisioning_status: 'ACTIVE', default_pool_id: '{default}' } },
        },
        {
          send: 'GET /v2/lbaas/l7policies?listener_id={listener}&sort=position',
          status: 200,
          answer: {
            l7policies: [
              { name: 'first', provisioning_status: 'ACTIVE' },
              { name: 'to-pool', provisioning_status: 'ACTIVE', redirect_pool_id: '{nested}' },
            ],
          },
        },
        {
          send: 'GET /v2/lbaas/pools/{default}/members?sort=address',
          status: 200,
          answer: { members: [{ provisioning_status: 'ACTIVE' }, { provisioning_status: 'ACTIVE' }] },
        },
        {
          send: 'GET /v2/lbaas/healthmonitors/{monitor}',
          status: 200,
          answer: { healthmonitor: { provisioning_status: 'ACTIVE', http_method: null, url_path: null } },
        },
      ],
    },
    {
      name: 'is seen in one tree of statuses, without policies',
      steps: [
        {
          send: `GET ${PATH}/{loadBalancer}/status`,
          status: 200,
          answer: {
            statuses: {
              loadbalancer: {
                id: '{loadBalancer}',
                provisioning_status: 'ACTIVE',
                listeners: [{ id: '{listener}', name: 'http', pools: [{}, {}], l7policies: undefined }],
              },
            },
          },
        },
      ],
    },
    {
      name: 'wants pools with names that are defined once',
      steps: [
        {
          send: `POST ${PATH}`,
          body: {
            loadbalancer: {
              ...VIP,
              pools: [
                { name: 'p', ...POOL },
                { name: 'p', ...POOL },
              ],
            },
          },
          status: 400,
          answer: fault('Validation failure: Pool names must be unique when creating a fully populated loadbalancer.'),
        },
        {
          send: `POST ${PATH}`,
          body: {
            loadbalancer: { ...VIP, listeners: [{ protocol: 'HTTP', protocol_port: 80, default_pool: { name: 'p' } }] },
          },
          status: 400,
          answer: fault("Validation failure: Pool 'p' was referenced but no full definition was found."),
        },
        {
          send: `POST ${PATH}`,
          body: {
            loadbalancer: { ...VIP, listeners: [{ protocol: 'HTTP', protocol_port: 80, default_pool: { ...POOL } }] },
          },
          status: 400,
          answer: fault('Validation failure: Pools must be named when creating a fully populated loadbalancer.'),
        },
      ],
    },
    {
      name: 'is the only one that may nest: pools take no members, listeners no policies and no pool',
      steps: [
        {
          send: 'POST /v2/lbaas/pools',
          body: {
            pool: { loadbalancer_id: '{loadBalancer}', ...POOL, members: [{ address: '127.0.0.1', protocol_port: 1 }] },
          },
          status: 500,
          answer: { faultcode: 'Server' },
        },
        {
          send: 'POST /v2/lbaas/listeners',
          body: {
            listener: {
              loadbalancer_id: '{loadBalancer}',
              protocol: 'HTTP',
              protocol_port: 81,
              l7policies: [{ action: 'REJECT' }],
            },
          },
          status: 500,
          answer: { faultcode: 'Server' },
        },
        {
          send: `GET ${PATH}/{loadBalancer}`,
          status: 200,
          answer: { loadbalancer: { provisioning_status: 'ACTIVE', listeners: [{}], pools: [{}, {}] } },
        },
      ],
    },
  ],
};
