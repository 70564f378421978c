import type { ExpectationSuite, Step } from './expectation.js';
import { fault, lookUpFault, NOBODY } from './steps.js';

const PATH = '/v2/lbaas/l7policies';

/** A policy that is refused before anything is looked up. */
function refused(fields: unknown, text: string, status = 400): Step {
  return {
    send: `POST ${PATH}`,
    body: { l7policy: { action: 'REJECT', listener_id: NOBODY, ...(fields as object) } },
    status,
    answer: fault(text),
  };
}

function refusedField(name: string, value: unknown, reason: string): Step {
  return refused({ [name]: value }, `Invalid input for field/attribute ${name}. Value: '${value}'. ${reason}`);
}

export const REQUESTS: ExpectationSuite = {
  name: 'Octavia, before it looks anything up',
  setup: [],
  expectations: [
    {
      name: 'lists its versions to everybody, the newest as CURRENT',
      steps: [
        { send: 'GET /', as: 'nobody', status: 200, answer: { versions: { 0: { id: 'v2.0', status: 'SUPPORTED' } } } },
        { send: 'GET /', status: 200, answer: { versions: { 30: { id: 'v2.30', status: 'CURRENT' } } } },
      ],
    },
    {
      name: 'asks for a token',
      steps: [
        {
          send: 'GET /v2/lbaas/loadbalancers',
          as: 'nobody',
          status: 401,
          answer: { error: { code: 401, title: 'Unauthorized' } },
        },
      ],
    },
    {
      name: 'answers unknown paths and methods in its web framework\u2019s words',
      steps: [
        { send: 'GET /v2/lbaas/nothing', status: 404, answer: { code: 404, title: 'Not Found' } },
        { send: 'PATCH /v2/lbaas/pools', status: 405, answer: { code: 405, title: 'Method Not Allowed' } },
      ],
    },
    {
      name: 'says which field is wrong, and how',
      steps: [
        refused(
          { action: 'NOPE' },
          "~Invalid input for field/attribute action. Value: 'NOPE'. Value should be one of: ",
        ),
        refusedField('listener_id', 'x', 'Value should be UUID format'),
        refusedField('position', 0, 'Value should be greater or equal to 1'),
        refusedField('position', 2147483648, 'Value should be lower or equal to 2147483647'),
        refusedField('redirect_http_code', 304, 'Value should be one of: 301, 302, 303, 307, 308'),
        refusedField('redirect_url', '/x', 'Value must be a valid URL string'),
        refusedField('name', 'a'.repeat(256), 'Value should have a maximum character requirement of 255'),
        refusedField('name', 5, 'Value should be string'),
        refused({ unknown: 1 }, 'Unknown attribute for argument l7policy_.l7policy: unknown'),
        refused(
          { listener_id: undefined },
          "Invalid input for field/attribute listener_id. Value: 'None'. Mandatory field missing.",
        ),
        refused(
          { rules: [{ type: 'PATH' }] },
          "Invalid input for field/attribute compare_type. Value: 'None'. Mandatory field missing.",
        ),
        refused(
          { position: 'a' },
          "~Invalid input for field/attribute l7policy_. Value: '{'l7policy': {'action': 'REJECT',",
        ),
        refused({ admin_state_up: 'maybe' }, '~Value not an unambiguous boolean: maybe'),
        refused({ tags: 'x' }, '~Value not a valid list: x'),
        { send: `POST ${PATH}`, status: 400, answer: fault('Missing argument: "l7policy_"') },
        {
          send: `POST ${PATH}`,
          body: { x: {} },
          status: 400,
          answer: fault('Unknown attribute for argument l7policy_: x'),
        },
      ],
    },
    {
      name: 'answers 404 for what is not there',
      steps: [
        refused({}, `Listener ${NOBODY} not found.`, 404),
        { send: 'GET /v2/lbaas/loadbalancers/none', status: 404, answer: fault('Load Balancer none not found.') },
        { send: `GET /v2/lbaas/l7policies/${NOBODY}`, status: 404, answer: fault(`L7 Policy ${NOBODY} not found.`) },
        {
          send: `GET /v2/lbaas/l7policies/${NOBODY}/rules`,
          status: 404,
          answer: lookUpFault(`L7Policy ${NOBODY} not found.`),
        },
        {
          send: `GET /v2/lbaas/healthmonitors/${NOBODY}`,
          status: 404,
          answer: fault(`Health Monitor ${NOBODY} not found.`),
        },
        {
          send: `GET /v2/lbaas/pools/${NOBODY}/members`,
          status: 404,
          answer: lookUpFault(`Pool ${NOBODY} not found.`),
        },
        {
          send: 'POST /v2/lbaas/pools',
          body: { pool: { protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN', loadbalancer_id: NOBODY } },
          status: 404,
          answer: fault(`Load Balancer ${NOBODY} not found.`),
        },
      ],
    },
    {
      name: 'wants a VIP that exists and a provider that is enabled',
      steps: [
        {
          send: 'POST /v2/lbaas/loadbalancers',
          body: { loadbalancer: {} },
          status: 400,
          answer: fault('Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.'),
        },
        {
          send: 'POST /v2/lbaas/loadbalancers',
          body: { loadbalancer: { vip_subnet_id: NOBODY } },
          status: 400,
          answer: fault(`Subnet ${NOBODY} not found.`),
        },
        {
          send: 'POST /v2/lbaas/loadbalancers',
          body: { loadbalancer: { vip_network_id: NOBODY } },
          status: 400,
          answer: fault(`Network ${NOBODY} not found.`),
        },
        {
          send: 'POST /v2/lbaas/loadbalancers',
          body: { loadbalancer: { vip_subnet_id: '{facts.networks.vips.subnetId}', provider: 'nothing' } },
          status: 400,
          answer: fault("Provider 'nothing' is not enabled."),
        },
        {
          send: 'POST /v2/lbaas/loadbalancers',
          body: { loadbalancer: { nope: 1 } },
          status: 400,
          answer: fault('Unknown attribute for argument load_balancer.loadbalancer: nope'),
        },
      ],
    },
    {
      name: 'forbids everything to who has no role for load balancers, and other projects to everybody',
      steps: [
        { send: 'GET /v2/lbaas/loadbalancers', as: 'withoutLoadBalancerRole', status: 403 },
        {
          send: 'POST /v2/lbaas/loadbalancers',
          as: 'withoutLoadBalancerRole',
          body: { loadbalancer: { vip_subnet_id: '{facts.networks.vips.subnetId}' } },
          status: 403,
          answer: fault('Policy does not allow this request to be performed.'),
        },
        {
          send: 'GET /v2/lbaas/loadbalancers?project_id={facts.users.other.projectId}',
          status: 403,
          answer: fault('Policy does not allow this request to be performed.'),
        },
      ],
    },
  ],
};
