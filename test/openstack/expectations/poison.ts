import type { ExpectationSuite, Step } from './expectation.js';
import { FULL_LOAD_BALANCER, fault, POOL_IDS } from './steps.js';

const RULES = '/v2/lbaas/l7policies/{policy}/rules';

/** A rule that ends in ERROR, and its removal. */
function refusedByHaproxy(value: string): readonly Step[] {
  return [
    {
      send: `POST ${RULES}`,
      body: { rule: { type: 'PATH', compare_type: 'REGEX', value } },
      status: 201,
      save: { rule: 'rule.id' },
      settles: 'ACTIVE',
    },
    { send: `GET ${RULES}/{rule}`, status: 200, answer: { rule: { provisioning_status: 'ERROR' } } },
    { send: `DELETE ${RULES}/{rule}`, status: 204, settles: 'ACTIVE' },
  ];
}

export const POISON: ExpectationSuite = {
  name: 'A rule that Octavia takes and HAProxy refuses',
  setup: [
    FULL_LOAD_BALANCER,
    ...POOL_IDS,
    {
      send: 'POST /v2/lbaas/l7policies',
      body: { l7policy: { listener_id: '{listener}', action: 'REDIRECT_TO_POOL', redirect_pool_id: '{one}' } },
      status: 201,
      save: { policy: 'l7policy.id' },
      settles: 'ACTIVE',
    },
  ],
  expectations: [
    {
      name: 'ends in ERROR, alone: its policy and the load balancer are ACTIVE again',
      steps: [
        {
          send: `POST ${RULES}`,
          body: { rule: { type: 'PATH', compare_type: 'REGEX', value: '(?>a)' } },
          status: 201,
          save: { rule: 'rule.id' },
          settles: 'ACTIVE',
        },
        { send: `GET ${RULES}/{rule}`, status: 200, answer: { rule: { provisioning_status: 'ERROR' } } },
        {
          send: 'GET /v2/lbaas/l7policies/{policy}',
          status: 200,
          answer: { l7policy: { provisioning_status: 'ACTIVE', rules: [{ id: '{rule}' }] } },
        },
      ],
    },
    {
      name: 'lets every later write fail that has to do with another object: each ends in ERROR',
      steps: [
        {
          send: 'POST /v2/lbaas/pools',
          body: { pool: { loadbalancer_id: '{loadBalancer}', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } },
          status: 201,
          save: { pool: 'pool.id' },
          settles: 'ACTIVE',
        },
        { send: 'GET /v2/lbaas/pools/{pool}', status: 200, answer: { pool: { provisioning_status: 'ERROR' } } },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { name: 'changed' } },
          status: 200,
          settles: 'ACTIVE',
        },
        {
          send: 'GET /v2/lbaas/listeners/{listener}',
          status: 200,
          answer: { listener: { name: 'changed', provisioning_status: 'ERROR' } },
        },
        {
          send: 'PUT /v2/lbaas/l7policies/{policy}',
          body: { l7policy: { name: 'changed' } },
          status: 200,
          settles: 'ACTIVE',
        },
        {
          send: 'GET /v2/lbaas/l7policies/{policy}',
          status: 200,
          answer: { l7policy: { name: 'changed', provisioning_status: 'ERROR' } },
        },
      ],
    },
    {
      name: 'locks out the children of what has gone to ERROR',
      steps: [
        {
          send: `DELETE ${RULES}/{rule}`,
          status: 409,
          answer: fault('L7Policy {policy} is immutable and cannot be updated.'),
        },
        {
          send: 'PUT /v2/lbaas/pools/{pool}/members',
          body: { members: [] },
          status: 409,
          answer: fault('Pool {pool} is immutable and cannot be updated.'),
        },
      ],
    },
    {
      name: 'is healed by deleting its policy; what had gone to ERROR is healed by a PUT each',
      steps: [
        { send: 'DELETE /v2/lbaas/l7policies/{policy}', status: 204, settles: 'ACTIVE' },
        { send: 'GET /v2/lbaas/l7policies/{policy}', status: 404 },
        { send: 'PUT /v2/lbaas/pools/{pool}', body: { pool: { name: 'healed' } }, status: 200, settles: 'ACTIVE' },
        { send: 'GET /v2/lbaas/pools/{pool}', status: 200, answer: { pool: { provisioning_status: 'ACTIVE' } } },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { name: 'healed' } },
          status: 200,
          settles: 'ACTIVE',
        },
        {
          send: 'GET /v2/lbaas/listeners/{listener}',
          status: 200,
          answer: { listener: { provisioning_status: 'ACTIVE' } },
        },
      ],
    },
    {
      name: 'may be sound until Octavia escapes it for HTML, or be one that PCRE does not know',
      steps: [
        {
          send: 'POST /v2/lbaas/l7policies',
          body: { l7policy: { listener_id: '{listener}', action: 'REJECT' } },
          status: 201,
          save: { policy: 'l7policy.id' },
          settles: 'ACTIVE',
        },
        ...refusedByHaproxy('(?P<x>a)'),
        ...refusedByHaproxy('(?<=a)b'),
        ...refusedByHaproxy('\\u00e9'),
      ],
    },
    {
      name: 'may refer back to a group, have a POSIX class, or repeat more often than PCRE can',
      steps: [
        {
          send: 'POST /v2/lbaas/l7policies',
          body: { l7policy: { listener_id: '{listener}', action: 'REJECT' } },
          status: 201,
          save: { policy: 'l7policy.id' },
          settles: 'ACTIVE',
        },
        ...refusedByHaproxy('(a)\\1'),
        ...refusedByHaproxy('^/[[:unknown:]]$'),
        ...refusedByHaproxy('[[.a.]]'),
        ...refusedByHaproxy('a{65536}'),
      ],
    },
    {
      name: 'does no harm while its policy is disabled',
      steps: [
        {
          send: 'POST /v2/lbaas/l7policies',
          body: { l7policy: { listener_id: '{listener}', action: 'REJECT', admin_state_up: false } },
          status: 201,
          save: { policy: 'l7policy.id' },
          settles: 'ACTIVE',
        },
        {
          send: `POST ${RULES}`,
          body: { rule: { type: 'PATH', compare_type: 'REGEX', value: '(?>a)' } },
          status: 201,
          save: { rule: 'rule.id' },
          settles: 'ACTIVE',
        },
        { send: `GET ${RULES}/{rule}`, status: 200, answer: { rule: { provisioning_status: 'ACTIVE' } } },
      ],
    },
  ],
};
