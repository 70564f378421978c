import type { ExpectationSuite } from './expectation.js';
import { fault } from './steps.js';

const PATH = '/v2/lbaas/loadbalancers';
const VIP = { vip_subnet_id: '{facts.networks.vips.subnetId}' };
const OTHER_FAMILY = "Validation failure: CIDR fd00::/8 IP version incompatible with all VIPs ['{vip}'] IP version.";

/** What load balancers of Services are made of. */
export const SERVICE_LOAD_BALANCERS: ExpectationSuite = {
  name: 'Load balancers of Services',
  setup: [
    {
      send: `POST ${PATH}`,
      body: {
        loadbalancer: {
          ...VIP,
          name: 'shop/web',
          tags: ['kuryr-source=Service/shop/web'],
          listeners: [
            {
              name: 'shop/web:TCP:80',
              protocol: 'TCP',
              protocol_port: 80,
              timeout_client_data: 7000,
              default_pool: { name: 'shop/web:TCP:80/PROXY' },
            },
          ],
          pools: [
            {
              name: 'shop/web:TCP:80/PROXY',
              protocol: 'PROXY',
              lb_algorithm: 'ROUND_ROBIN',
              session_persistence: { type: 'SOURCE_IP' },
              members: [{ address: '127.0.0.1', protocol_port: 8080, tags: ['kuryr-cluster=c'] }],
              healthmonitor: { type: 'TCP', delay: 5, timeout: 3, max_retries: 1, max_retries_down: 3 },
            },
          ],
        },
      },
      status: 201,
      save: {
        loadBalancer: 'loadbalancer.id',
        listener: 'loadbalancer.listeners.0.id',
        vip: 'loadbalancer.vip_address',
      },
      settles: 'ACTIVE',
    },
  ],
  expectations: [
    {
      name: 'take a time of session persistence for UDP and SCTP, and for nothing else',
      steps: [
        {
          send: 'POST /v2/lbaas/pools',
          body: {
            pool: {
              loadbalancer_id: '{loadBalancer}',
              protocol: 'TCP',
              lb_algorithm: 'ROUND_ROBIN',
              session_persistence: { type: 'SOURCE_IP', persistence_timeout: 60 },
            },
          },
          status: 400,
          answer: fault(
            'Validation failure: persistence_timeout and persistence_granularity is only for UDP and SCTP protocol pools.',
          ),
        },
        {
          send: 'POST /v2/lbaas/pools',
          body: {
            pool: {
              loadbalancer_id: '{loadBalancer}',
              protocol: 'UDP',
              lb_algorithm: 'ROUND_ROBIN',
              session_persistence: { type: 'SOURCE_IP', persistence_timeout: 60 },
            },
          },
          status: 201,
          answer: { pool: { session_persistence: { type: 'SOURCE_IP', persistence_timeout: 60 } } },
          settles: 'ACTIVE',
        },
      ],
    },
    {
      name: 'give a timeout back to Octavia with null',
      steps: [
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { timeout_client_data: null, insert_headers: {}, allowed_cidrs: null } },
          status: 200,
          answer: { listener: { timeout_client_data: 50000, allowed_cidrs: null } },
          settles: 'ACTIVE',
        },
      ],
    },
    {
      name: 'let in clients of the address family of the VIP only, and nobody at all by an address that no client has',
      steps: [
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { allowed_cidrs: ['10.0.0.0/8', 'fd00::/8'] } },
          status: 400,
          answer: fault(OTHER_FAMILY),
        },
        {
          send: 'POST /v2/lbaas/listeners',
          body: {
            listener: {
              loadbalancer_id: '{loadBalancer}',
              protocol: 'TCP',
              protocol_port: 81,
              allowed_cidrs: ['fd00::/8'],
            },
          },
          status: 400,
          answer: fault(OTHER_FAMILY),
        },
        {
          send: `POST ${PATH}`,
          body: {
            loadbalancer: {
              ...VIP,
              name: 'shop/dual-stack',
              listeners: [{ protocol: 'TCP', protocol_port: 80, allowed_cidrs: ['fd00::/8'] }],
            },
          },
          status: 400,
          answer: { faultstring: '~Validation failure: CIDR fd00::/8 IP version incompatible with all VIPs [' },
        },
        { send: `GET ${PATH}?name=shop/dual-stack`, status: 200, answer: { loadbalancers: [] } },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { allowed_cidrs: ['0.0.0.0/32'] } },
          status: 200,
          answer: { listener: { allowed_cidrs: ['0.0.0.0/32'] } },
          settles: 'ACTIVE',
        },
      ],
    },
    {
      name: 'keep of ranges of clients the network alone, in its shortest text',
      steps: [
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { allowed_cidrs: ['192.0.2.129/024'] } },
          status: 200,
          answer: { listener: { allowed_cidrs: ['192.0.2.0/24'] } },
          settles: 'ACTIVE',
        },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { allowed_cidrs: ['FD00:0:0::1/8'] } },
          status: 400,
          answer: fault(OTHER_FAMILY),
        },
      ],
    },
    {
      name: 'do not get a VIP that is taken: the answer is a 500, and nothing is made',
      steps: [
        {
          send: `POST ${PATH}`,
          body: { loadbalancer: { ...VIP, name: 'shop/other', vip_address: '{vip}' } },
          status: 500,
        },
        { send: `GET ${PATH}?name=shop/other`, status: 200, answer: { loadbalancers: [] } },
      ],
    },
  ],
};
