import type { ExpectationSuite, Step } from './expectation.js';
import { fault, NOBODY } from './steps.js';

const PATH = '/v2/lbaas/pools';

function pool(name: string, tags: readonly string[], fields: object = {}) {
  return { name, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN', tags, ...fields };
}

/** The names of the pools that a query finds, in order of name. */
function found(query: string, ...names: readonly string[]): Step {
  return {
    send: `GET ${PATH}?loadbalancer_id={loadBalancer}&sort=name&${query}`,
    status: 200,
    answer: { pools: names.map((name) => ({ name })) },
  };
}

export const LISTS: ExpectationSuite = {
  name: 'Lists',
  setup: [
    {
      send: 'POST /v2/lbaas/loadbalancers',
      body: {
        loadbalancer: {
          name: 'lists',
          vip_subnet_id: '{facts.networks.vips.subnetId}',
          pools: [
            pool('a', ['cluster=1', 'x']),
            pool('b', ['cluster=1', 'y/z'], { admin_state_up: false }),
            pool('c', ['cluster=2']),
            pool('d', ['with,comma'], { description: 'last', lb_algorithm: 'SOURCE_IP' }),
          ],
        },
      },
      status: 201,
      save: { loadBalancer: 'loadbalancer.id' },
      settles: 'ACTIVE',
    },
  ],
  expectations: [
    {
      name: 'are filtered by any field',
      steps: [
        found('name=b', 'b'),
        found('description=last', 'd'),
        found('admin_state_up=false', 'b'),
        found('lb_algorithm=SOURCE_IP', 'd'),
        found('provisioning_status=ACTIVE', 'a', 'b', 'c', 'd'),
        found('provisioning_status=ERROR'),
        found('project_id={facts.users.member.projectId}', 'a', 'b', 'c', 'd'),
      ],
    },
    {
      name: 'are filtered by tags: all, any, not all, none of them',
      steps: [
        found('tags=cluster=1', 'a', 'b'),
        found('tags=cluster%3D1,x', 'a'),
        found('tags=cluster%3D1&tags=x', 'a'),
        found('tags=y%2Fz', 'b'),
        found('tags-any=x,cluster%3D2', 'a', 'c'),
        found('not-tags=cluster%3D1', 'c', 'd'),
        found('not-tags=cluster%3D1,x', 'b', 'c', 'd'),
        found('not-tags-any=x,cluster%3D2', 'b', 'd'),
      ],
    },
    { name: 'never find a tag with a comma', steps: [found('tags=with%2Ccomma'), found('tags-any=with%2Ccomma')] },
    {
      name: 'answer in pages, whose links keep limit and order and lose the filters',
      steps: [
        {
          send: `GET ${PATH}?loadbalancer_id={loadBalancer}&sort=name:desc&limit=2`,
          status: 200,
          answer: {
            pools: [{ name: 'd' }, { name: 'c' }],
            pools_links: [{ rel: 'next', href: '~/v2/lbaas/pools?limit=2&sort=name:desc&marker=' }],
          },
          save: { marker: 'pools.1.id' },
        },
        {
          send: `GET ${PATH}?loadbalancer_id={loadBalancer}&sort=name:desc&limit=2&marker={marker}`,
          status: 200,
          answer: { pools: [{ name: 'b' }, { name: 'a' }], pools_links: [{ rel: 'previous' }, { rel: 'next' }] },
          save: { last: 'pools.1.id' },
        },
        {
          send: `GET ${PATH}?loadbalancer_id={loadBalancer}&sort=name:desc&limit=2&marker={last}`,
          status: 200,
          answer: { pools: [], pools_links: [] },
        },
      ],
    },
    {
      name: 'by id have the object with all that a GET of it tells, and nothing for whom it is not',
      steps: [
        {
          send: 'GET /v2/lbaas/loadbalancers/{loadBalancer}',
          status: 200,
          save: { vip: 'loadbalancer.vip_port_id' },
        },
        {
          send: 'GET /v2/lbaas/loadbalancers?id={loadBalancer}',
          status: 200,
          answer: {
            loadbalancers: [
              {
                id: '{loadBalancer}',
                provisioning_status: 'ACTIVE',
                vip_port_id: '{vip}',
                // Changes with the operating status, too.
                updated_at: '~T',
                pools: [{}, {}, {}, {}],
              },
            ],
            loadbalancers_links: [],
          },
        },
        {
          send: 'GET /v2/lbaas/loadbalancers?id={loadBalancer}',
          as: 'other',
          status: 200,
          answer: { loadbalancers: [] },
        },
        { send: `GET /v2/lbaas/loadbalancers?id=${NOBODY}`, status: 200, answer: { loadbalancers: [] } },
        { send: `GET /v2/lbaas/l7policies?id=${NOBODY}`, status: 200, answer: { l7policies: [] } },
      ],
    },
    {
      name: 'answer the fields that are asked for',
      steps: [
        {
          send: `GET ${PATH}?loadbalancer_id={loadBalancer}&name=a&fields=name&fields=tags`,
          status: 200,
          answer: { pools: [{ name: 'a', tags: ['cluster=1', 'x'], id: undefined, protocol: undefined }] },
        },
      ],
    },
    {
      name: 'refuse filters, orders and pages that they do not know',
      steps: [
        {
          send: `GET ${PATH}?nope=1`,
          status: 400,
          answer: fault('One or more arguments are either duplicate or invalid'),
        },
        { send: `GET ${PATH}?name=a&name=b`, status: 500, answer: { faultcode: 'Server' } },
        {
          send: `GET ${PATH}?marker=${NOBODY}`,
          status: 400,
          answer: fault(`Supplied pagination marker '${NOBODY}' is not valid.`),
        },
        { send: `GET ${PATH}?sort=nope`, status: 400, answer: fault("Supplied sort key 'nope' is not valid.") },
        {
          send: `GET ${PATH}?sort=name:up`,
          status: 400,
          answer: { code: 400, title: 'Bad Request', description: "Supplied sort direction 'up' is not valid." },
        },
        {
          send: `GET ${PATH}?limit=abc`,
          status: 400,
          answer: { code: 400, title: 'Bad Request', description: "Supplied pagination limit 'abc' is not valid." },
        },
      ],
    },
    {
      name: 'show another project nothing, and forbid it what it names',
      steps: [
        { send: `GET ${PATH}?loadbalancer_id={loadBalancer}`, as: 'other', status: 200, answer: { pools: [] } },
        { send: 'GET /v2/lbaas/loadbalancers/{loadBalancer}', as: 'other', status: 403 },
        {
          send: 'DELETE /v2/lbaas/loadbalancers/{loadBalancer}?cascade=true',
          as: 'other',
          status: 403,
          answer: fault('Policy does not allow this request to be performed.'),
        },
        { send: 'GET /v2/lbaas/loadbalancers/{loadBalancer}', as: 'admin', status: 200 },
      ],
    },
  ],
};
