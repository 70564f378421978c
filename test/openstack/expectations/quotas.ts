import type { ExpectationSuite, Step } from './expectation.js';
import { fault } from './steps.js';

const PATH = '/v2/lbaas/quotas/{facts.users.other.projectId}';
const RESET = { send: `DELETE ${PATH}`, as: 'admin', status: 202 } as const;

/** In the other project, so that nobody else is hindered; its VIP is in the network that everybody may use. */
const POPULATED: Step = {
  send: 'POST /v2/lbaas/loadbalancers',
  as: 'other',
  body: {
    loadbalancer: {
      vip_subnet_id: '{facts.networks.floating.subnetId}',
      listeners: [
        {
          protocol: 'HTTP',
          protocol_port: 80,
          default_pool: { name: 'one', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' },
        },
      ],
    },
  },
  status: 201,
  save: {
    loadBalancer: 'loadbalancer.id',
    listener: 'loadbalancer.listeners.0.id',
    one: 'loadbalancer.pools.0.id',
  },
  settles: 'ACTIVE',
};

function met(send: string, body: unknown, title: string): Step {
  return { send, as: 'other', body, status: 403, answer: fault(`Quota has been met for resources: ${title}`) };
}

export const QUOTAS: ExpectationSuite = {
  name: 'Quotas',
  setup: [POPULATED],
  expectations: [
    {
      name: 'are read by the project and set by an administrator',
      steps: [
        {
          send: `GET ${PATH}`,
          as: 'other',
          status: 200,
          answer: { quota: { load_balancer: -1, pool: -1, l7policy: -1 } },
        },
        {
          send: `GET ${PATH}/default`,
          as: 'other',
          status: 200,
          answer: { quota: { health_monitor: -1, member: -1, l7rule: -1 } },
        },
        {
          send: `PUT ${PATH}`,
          as: 'other',
          body: { quota: { pool: 1 } },
          status: 403,
          answer: fault('Policy does not allow this request to be performed.'),
        },
        { send: `GET ${PATH}`, status: 403 },
      ],
    },
    {
      name: 'are met with 403 and a text that names the resource',
      steps: [
        {
          send: `PUT ${PATH}`,
          as: 'admin',
          body: { quota: { pool: 0, load_balancer: 0, member: 0, l7policy: 0, health_monitor: 0 } },
          status: 202,
          answer: { quota: { pool: 0, load_balancer: 0, member: 0 } },
        },
        met(
          'POST /v2/lbaas/pools',
          { pool: { loadbalancer_id: '{loadBalancer}', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } },
          'Pool',
        ),
        met(
          'POST /v2/lbaas/loadbalancers',
          { loadbalancer: { vip_subnet_id: '{facts.networks.floating.subnetId}' } },
          'Load Balancer',
        ),
        met('POST /v2/lbaas/l7policies', { l7policy: { listener_id: '{listener}', action: 'REJECT' } }, 'L7 Policy'),
        met(
          'POST /v2/lbaas/healthmonitors',
          { healthmonitor: { pool_id: '{one}', type: 'TCP', delay: 5, timeout: 3, max_retries: 2 } },
          'Health Monitor',
        ),
        met('PUT /v2/lbaas/pools/{one}/members', { members: [{ address: '127.0.0.1', protocol_port: 1 }] }, 'Member'),
        RESET,
        {
          send: 'GET /v2/lbaas/loadbalancers/{loadBalancer}',
          as: 'other',
          status: 200,
          answer: { loadbalancer: { provisioning_status: 'ACTIVE' } },
        },
      ],
    },
  ],
  cleanup: [RESET],
};
