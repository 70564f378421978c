import type { ExpectationSuite, Step } from './expectation.js';

const PATH = '/v2/lbaas/loadbalancers';
const UNCHANGED: Step = {
  send: 'GET /v2.0/ports/{port}',
  to: 'network',
  status: 200,
  answer: { port: { name: 'given', device_id: '', device_owner: '' } },
};

/** A port that somebody has made before the load balancer. */
export const VIP_PORTS: ExpectationSuite = {
  name: 'Given VIP ports',
  setup: [
    {
      send: 'POST /v2.0/ports',
      to: 'network',
      body: { port: { network_id: '{facts.networks.vips.networkId}', name: 'given' } },
      status: 201,
      save: { port: 'port.id', address: 'port.fixed_ips.0.ip_address' },
    },
    {
      send: `POST ${PATH}`,
      body: { loadbalancer: { name: 'given', vip_port_id: '{port}' } },
      status: 201,
      answer: { loadbalancer: { vip_port_id: '{port}', vip_address: '{address}' } },
      save: { loadBalancer: 'loadbalancer.id' },
      settles: 'ACTIVE',
    },
  ],
  expectations: [
    { name: 'do not tell that a load balancer has them', steps: [UNCHANGED] },
    {
      name: 'stay as they are when their load balancer goes',
      steps: [{ send: `DELETE ${PATH}/{loadBalancer}`, status: 204, settles: 'GONE' }, UNCHANGED],
    },
  ],
  cleanup: [{ send: 'DELETE /v2.0/ports/{port}', to: 'network', status: 204 }],
};
