import type { ExpectationSuite, Step } from './expectation.js';
import { FULL_LOAD_BALANCER } from './steps.js';

const PATH = '/v2/lbaas/l7policies/{policy}/rules';

function refused(rule: unknown, text: string): Step {
  return {
    send: `POST ${PATH}`,
    body: { rule },
    status: 400,
    answer: { faultstring: `~Error parsing L7Rule: ${text}` },
  };
}

export const RULES: ExpectationSuite = {
  name: 'L7 rules',
  setup: [
    FULL_LOAD_BALANCER,
    {
      send: 'POST /v2/lbaas/l7policies',
      body: { l7policy: { listener_id: '{listener}', action: 'REJECT' } },
      status: 201,
      save: { policy: 'l7policy.id' },
      settles: 'ACTIVE',
    },
  ],
  expectations: [
    {
      name: 'are refused where Octavia sees that they are wrong',
      steps: [
        refused({ type: 'PATH', compare_type: 'STARTS_WITH', value: '/a b' }, 'Invalid characters in comparison value'),
        refused({ type: 'PATH', compare_type: 'EQUAL_TO', value: '/\u00e9' }, 'Invalid characters in comparison value'),
        refused(
          { type: 'HOST_NAME', compare_type: 'EQUAL_TO', value: '' },
          'Invalid L7 Rule: L7 rule type requires a value',
        ),
        refused({ type: 'PATH', compare_type: 'REGEX', value: '(a' }, 'Unable to parse regular expression: '),
        refused({ type: 'PATH', compare_type: 'REGEX', value: '^(?i)a' }, 'Unable to parse regular expression: '),
        refused(
          { type: 'HEADER', compare_type: 'EQUAL_TO', value: 'a' },
          'Invalid L7 Rule: L7 rule type requires a key',
        ),
        refused({ type: 'HEADER', compare_type: 'EQUAL_TO', key: 'a b', value: 'a' }, 'Invalid characters in key'),
        refused(
          { type: 'COOKIE', compare_type: 'EQUAL_TO', key: 'a', value: 'a;b' },
          'Invalid characters in cookie value',
        ),
        refused(
          { type: 'FILE_TYPE', compare_type: 'CONTAINS', value: 'a' },
          'Invalid L7 Rule: invalid comparison type for rule type',
        ),
        {
          send: `POST ${PATH}`,
          body: { rule: { type: 'PATH', compare_type: 'EQUAL_TO', value: `/${'a'.repeat(255)}` } },
          status: 400,
          answer: { faultstring: '~Value should have a maximum character requirement of 255' },
        },
      ],
    },
    {
      name: 'are taken with values that HAProxy will never match',
      steps: [
        {
          send: `POST ${PATH}`,
          body: { rule: { type: 'PATH', compare_type: 'EQUAL_TO', value: "/a&b<c>'d" } },
          status: 201,
          answer: {
            rule: { key: null, invert: false, admin_state_up: true, tags: [], provisioning_status: 'PENDING_CREATE' },
          },
          save: { rule: 'rule.id' },
          settles: 'ACTIVE',
        },
        { send: `GET ${PATH}/{rule}`, status: 200, answer: { rule: { provisioning_status: 'ACTIVE' } } },
      ],
    },
    {
      name: 'change in everything in place, and only by their own PUT',
      steps: [
        {
          send: `PUT ${PATH}/{rule}`,
          body: { rule: { type: 'HEADER', compare_type: 'REGEX', key: 'X-A', value: '^a.*$', invert: true } },
          status: 200,
          answer: {
            rule: {
              type: 'HEADER',
              compare_type: 'REGEX',
              key: 'X-A',
              value: '^a.*$',
              invert: true,
              provisioning_status: 'PENDING_UPDATE',
            },
          },
          settles: 'ACTIVE',
        },
        {
          send: `PUT ${PATH}/{rule}`,
          body: { rule: { value: '(' } },
          status: 400,
          answer: { faultstring: '~Error parsing L7Rule: Unable to parse regular expression: ' },
        },
      ],
    },
    {
      name: 'tell their change in the time of their policy, in whole seconds',
      steps: [
        { send: 'GET /v2/lbaas/l7policies/{policy}', status: 200, save: { time: 'l7policy.updated_at' } },
        {
          send: `PUT ${PATH}/{rule}`,
          after: 2_000,
          body: { rule: { value: '^b.*$' } },
          status: 200,
          settles: 'ACTIVE',
        },
        { send: 'GET /v2/lbaas/l7policies/{policy}', status: 200, answer: { l7policy: { updated_at: '!{time}' } } },
        {
          send: `PUT ${PATH}/{rule}`,
          body: { rule: { value: '^a.*$' } },
          status: 200,
          settles: 'ACTIVE',
        },
      ],
    },
    {
      name: 'may be there twice',
      steps: [
        {
          send: `POST ${PATH}`,
          body: { rule: { type: 'HEADER', compare_type: 'REGEX', key: 'X-A', value: '^a.*$', invert: true } },
          status: 201,
          save: { second: 'rule.id' },
          settles: 'ACTIVE',
        },
        { send: `DELETE ${PATH}/{second}`, status: 204, settles: 'ACTIVE' },
        { send: `GET ${PATH}`, status: 200, answer: { rules: [{ id: '{rule}' }], rules_links: [] } },
        { send: 'GET /v2/lbaas/l7policies/{policy}', status: 200, answer: { l7policy: { rules: [{ id: '{rule}' }] } } },
      ],
    },
  ],
};
