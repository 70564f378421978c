import type { Step } from './expectation.js';

/** Steps that many suites begin with. */

/** A load balancer with a listener for HTTP and two pools, in one request. */
export const FULL_LOAD_BALANCER: Step = {
  send: 'POST /v2/lbaas/loadbalancers',
  body: {
    loadbalancer: {
      name: 'expectations',
      vip_subnet_id: '{facts.networks.vips.subnetId}',
      tags: ['kind=expectation'],
      listeners: [{ name: 'http', protocol: 'HTTP', protocol_port: 80, l7policies: [] }],
      pools: [
        { name: 'one', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' },
        { name: 'two', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' },
      ],
    },
  },
  status: 201,
  save: {
    loadBalancer: 'loadbalancer.id',
    listener: 'loadbalancer.listeners.0.id',
  },
  settles: 'ACTIVE',
};

/** The ids of its pools, which the answer to the create gives in no order that could be relied on. */
export const POOL_IDS: readonly Step[] = ['one', 'two'].map((name) => ({
  send: `GET /v2/lbaas/pools?loadbalancer_id={loadBalancer}&name=${name}`,
  status: 200,
  save: { [name]: 'pools.0.id' },
}));

/** An error of Octavia with this text. */
export function fault(text: string): { faultcode: string; faultstring: string; debuginfo: null } {
  return { faultcode: 'Client', faultstring: text, debuginfo: null };
}

export const NOBODY = '11111111-1111-4111-8111-111111111111';

/** What the web framework answers where the parent in a path is not there; its title is wrong. */
export function lookUpFault(text: string): { code: number; title: string; description: string } {
  return { code: 404, title: 'Bad Request', description: text };
}
