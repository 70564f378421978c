import type { ExpectationSuite } from './expectation.js';
import { NOBODY } from './steps.js';

const PATH = '/v2.0/floatingips';

export const FLOATING_IPS: ExpectationSuite = {
  name: 'Neutron\u2019s ports and floating IPs',
  setup: [
    {
      send: 'POST /v2.0/ports',
      to: 'network',
      body: { port: { network_id: '{facts.networks.vips.networkId}', name: 'expectation' } },
      status: 201,
      answer: {
        port: {
          name: 'expectation',
          admin_state_up: true,
          device_id: '',
          device_owner: '',
          fixed_ips: [{ subnet_id: '{facts.networks.vips.subnetId}' }],
        },
      },
      save: { port: 'port.id', address: 'port.fixed_ips.0.ip_address' },
    },
  ],
  expectations: [
    {
      name: 'come from an external network, at an address that the network chooses',
      steps: [
        {
          send: `POST ${PATH}`,
          to: 'network',
          body: { floatingip: { floating_network_id: '{facts.networks.vips.networkId}' } },
          status: 400,
          answer: { NeutronError: { type: 'BadRequest', message: '~is not a valid external network.' } },
        },
        {
          send: `POST ${PATH}`,
          to: 'network',
          body: {
            floatingip: {
              floating_network_id: '{facts.networks.floating.networkId}',
              floating_ip_address: '127.200.0.77',
            },
          },
          status: 403,
          answer: { NeutronError: { type: 'PolicyNotAuthorized' } },
        },
        {
          send: `POST ${PATH}`,
          to: 'network',
          body: { floatingip: { nope: 1 } },
          status: 400,
          answer: { NeutronError: { type: 'HTTPBadRequest', message: "Unrecognized attribute(s) 'nope'" } },
        },
        {
          send: `POST ${PATH}`,
          to: 'network',
          body: {
            floatingip: { floating_network_id: '{facts.networks.floating.networkId}', description: 'expectation' },
          },
          status: 201,
          answer: {
            floatingip: { port_id: null, fixed_ip_address: null, router_id: null, status: 'DOWN', tags: [] },
          },
          save: { floatingIp: 'floatingip.id' },
        },
      ],
    },
    {
      name: 'are tagged, and found by tag, port and description',
      steps: [
        {
          send: `PUT ${PATH}/{floatingIp}/tags`,
          to: 'network',
          body: { tags: ['a=b', 'expectation={floatingIp}'] },
          status: 200,
        },
        {
          send: `GET ${PATH}?tags=expectation%3D{floatingIp}&fields=id`,
          to: 'network',
          status: 200,
          answer: { floatingips: [{ id: '{floatingIp}', tags: undefined }] },
        },
        {
          send: `GET ${PATH}?nope=1`,
          to: 'network',
          status: 400,
          answer: { NeutronError: { type: 'HTTPBadRequest' } },
        },
      ],
    },
    {
      name: 'lead to one port, which has one',
      steps: [
        {
          send: `PUT ${PATH}/{floatingIp}`,
          to: 'network',
          body: { floatingip: { port_id: '{port}' } },
          status: 200,
          answer: {
            floatingip: { port_id: '{port}', fixed_ip_address: '{address}', router_id: '{facts.routerId}' },
          },
        },
        {
          send: `GET ${PATH}?port_id={port}`,
          to: 'network',
          status: 200,
          answer: { floatingips: [{ id: '{floatingIp}' }] },
        },
        {
          send: `POST ${PATH}`,
          to: 'network',
          body: { floatingip: { floating_network_id: '{facts.networks.floating.networkId}', port_id: '{port}' } },
          status: 409,
          answer: { NeutronError: { type: 'FloatingIPPortAlreadyAssociated' } },
        },
      ],
    },
    {
      name: 'are let go by a deleted port',
      steps: [
        { send: 'DELETE /v2.0/ports/{port}', to: 'network', status: 204 },
        {
          send: `GET ${PATH}/{floatingIp}`,
          to: 'network',
          status: 200,
          answer: { floatingip: { port_id: null, fixed_ip_address: null } },
        },
      ],
    },
    {
      name: 'are hidden from other projects, and gone once deleted',
      steps: [
        { send: `GET ${PATH}/{floatingIp}`, to: 'network', as: 'other', status: 404 },
        { send: `DELETE ${PATH}/{floatingIp}`, to: 'network', status: 204 },
        {
          send: `GET ${PATH}/{floatingIp}`,
          to: 'network',
          status: 404,
          answer: { NeutronError: { type: 'FloatingIPNotFound' } },
        },
        {
          send: `GET /v2.0/subnets/${NOBODY}`,
          to: 'network',
          status: 404,
          answer: { NeutronError: { type: 'SubnetNotFound', message: `Subnet ${NOBODY} could not be found.` } },
        },
      ],
    },
    {
      name: 'stand beside networks that everybody may use, and those of the project',
      steps: [
        {
          send: 'GET /v2.0/networks?router:external=true&fields=id',
          to: 'network',
          as: 'other',
          status: 200,
          answer: { networks: [{ id: '{facts.networks.floating.networkId}' }] },
        },
        {
          send: 'GET /v2.0/subnets/{facts.networks.vips.subnetId}',
          to: 'network',
          status: 200,
          answer: { subnet: { cidr: '{facts.networks.vips.cidr}', ip_version: 4 } },
        },
        { send: 'GET /v2.0/networks/{facts.networks.vips.networkId}', to: 'network', as: 'other', status: 404 },
      ],
    },
  ],
};
