import type { ExpectationSuite, Step } from './expectation.js';
import { FULL_LOAD_BALANCER, fault, POOL_IDS } from './steps.js';

const PATH = '/v2/lbaas/l7policies';

/** Each in a second of its own, so that they are told apart by when they were made. */
function add(name: string, fields: object, expected: object): Step {
  return {
    after: 1_000,
    send: `POST ${PATH}`,
    body: { l7policy: { listener_id: '{listener}', name, action: 'REJECT', ...fields } },
    status: 201,
    answer: { l7policy: { name, provisioning_status: 'PENDING_CREATE', operating_status: 'OFFLINE', ...expected } },
    save: { [name]: 'l7policy.id' },
    settles: 'ACTIVE',
  };
}

function put(name: string, fields: object, expected: object): Step {
  return {
    send: `PUT ${PATH}/{${name}}`,
    body: { l7policy: fields },
    status: 200,
    answer: { l7policy: { provisioning_status: 'PENDING_UPDATE', ...expected } },
    settles: 'ACTIVE',
  };
}

/** The policies of the listener, in order. */
function order(...names: readonly string[]): Step {
  return {
    send: `GET ${PATH}?listener_id={listener}&sort=position`,
    status: 200,
    answer: {
      l7policies: names.map((name, index) => ({ name, position: index + 1, provisioning_status: 'ACTIVE' })),
    },
  };
}

export const POLICIES: ExpectationSuite = {
  name: 'L7 policies',
  setup: [FULL_LOAD_BALANCER, ...POOL_IDS],
  expectations: [
    {
      name: 'are appended without a position, and put in with one',
      steps: [
        add('a', { rules: [] }, { position: 1, rules: [] }),
        add('b', {}, { position: 2 }),
        add('c', { position: 1 }, { position: 1 }),
        order('c', 'a', 'b'),
      ],
    },
    {
      name: 'have dense positions: one beyond the end becomes the last, a move shifts the others, a delete closes the gap',
      steps: [
        add('d', { position: 100 }, { position: 4 }),
        put('c', { position: 3 }, { position: 3 }),
        order('a', 'b', 'c', 'd'),
        put('a', { position: 100 }, { position: 4 }),
        order('b', 'c', 'd', 'a'),
        { send: `DELETE ${PATH}/{c}`, status: 204, settles: 'ACTIVE' },
        order('b', 'd', 'a'),
      ],
    },
    {
      name: 'answer lists by creation and not by position',
      steps: [
        {
          send: `GET ${PATH}?listener_id={listener}&sort=created_at`,
          status: 200,
          answer: { l7policies: [{ name: 'a' }, { name: 'b' }, { name: 'd' }] },
        },
      ],
    },
    {
      name: 'change their action in place; what the new one does not use becomes null',
      steps: [
        put(
          'a',
          { action: 'REDIRECT_TO_URL', redirect_url: 'https://x.example/' },
          { redirect_url: 'https://x.example/', redirect_http_code: 302 },
        ),
        put('a', { redirect_http_code: 308 }, { action: 'REDIRECT_TO_URL', redirect_http_code: 308 }),
        put(
          'a',
          { action: 'REDIRECT_PREFIX', redirect_prefix: 'https://p.example' },
          { action: 'REDIRECT_PREFIX', redirect_prefix: 'https://p.example', redirect_url: null },
        ),
        put(
          'a',
          { redirect_url: 'https://y.example/' },
          { action: 'REDIRECT_TO_URL', redirect_url: 'https://y.example/', redirect_prefix: null },
        ),
        put(
          'a',
          { redirect_pool_id: '{one}' },
          { action: 'REDIRECT_TO_POOL', redirect_pool_id: '{one}', redirect_url: null, redirect_http_code: null },
        ),
        put(
          'a',
          { redirect_pool_id: '{two}', admin_state_up: false, tags: ['t=1'] },
          { redirect_pool_id: '{two}', admin_state_up: false, tags: ['t=1'] },
        ),
        put('a', { action: 'REJECT' }, { action: 'REJECT', redirect_pool_id: null }),
      ],
    },
    {
      name: 'may lead to one pool together, which is then not deleted',
      steps: [
        put('b', { action: 'REDIRECT_TO_POOL', redirect_pool_id: '{one}' }, {}),
        put('d', { action: 'REDIRECT_TO_POOL', redirect_pool_id: '{one}' }, {}),
        {
          send: 'DELETE /v2/lbaas/pools/{one}',
          status: 409,
          answer: { faultstring: '~Pool {one} is in use by L7 policy ' },
        },
        {
          send: 'GET /v2/lbaas/pools/{one}',
          status: 200,
          answer: { pool: { listeners: [], provisioning_status: 'ACTIVE' } },
        },
      ],
    },
    {
      name: 'are refused where the action lacks what it needs',
      steps: [
        {
          send: `POST ${PATH}`,
          body: { l7policy: { listener_id: '{listener}', action: 'REDIRECT_TO_POOL' } },
          status: 400,
          answer: fault('Invalid L7 Policy arguments: redirect_pool_id or redirect_pool must not be None'),
        },
        {
          send: `POST ${PATH}`,
          body: { l7policy: { listener_id: '{listener}', action: 'REDIRECT_TO_URL' } },
          status: 400,
          answer: fault('Invalid L7 Policy arguments: redirect_url must not be None'),
        },
        {
          send: `PUT ${PATH}/{a}`,
          body: { l7policy: { listener_id: '{listener}' } },
          status: 400,
          answer: fault('Unknown attribute for argument l7policy_.l7policy: listener_id'),
        },
        {
          send: `PUT ${PATH}/{a}`,
          body: { l7policy: { rules: [] } },
          status: 400,
          answer: fault('Unknown attribute for argument l7policy_.l7policy: rules'),
        },
        order('b', 'd', 'a'),
      ],
    },
    {
      name: 'take no nested rules',
      steps: [
        {
          send: `POST ${PATH}`,
          body: {
            l7policy: {
              listener_id: '{listener}',
              action: 'REJECT',
              rules: [{ type: 'PATH', compare_type: 'EQUAL_TO', value: '/' }],
            },
          },
          status: 500,
          answer: { faultcode: 'Server', faultstring: "'dict' object has no attribute '_sa_instance_state'" },
        },
        {
          send: 'GET /v2/lbaas/loadbalancers/{loadBalancer}',
          status: 200,
          answer: { loadbalancer: { provisioning_status: 'ACTIVE' } },
        },
        order('b', 'd', 'a'),
      ],
    },
    {
      name: 'go with their listener, and pools stay',
      steps: [
        { send: 'DELETE /v2/lbaas/listeners/{listener}', status: 204, settles: 'ACTIVE' },
        { send: `GET ${PATH}/{a}`, status: 404, answer: fault('L7 Policy {a} not found.') },
        { send: 'GET /v2/lbaas/pools/{one}', status: 200 },
      ],
    },
  ],
};
