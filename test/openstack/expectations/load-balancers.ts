import type { ExpectationSuite } from './expectation.js';
import { fault, NOBODY } from './steps.js';

const PATH = '/v2/lbaas/loadbalancers';

export const LOAD_BALANCERS: ExpectationSuite = {
  name: 'A load balancer and its listeners',
  setup: [
    {
      send: `POST ${PATH}`,
      paused: true,
      body: { loadbalancer: { vip_subnet_id: '{facts.networks.vips.subnetId}', tags: ['a=b'] } },
      status: 201,
      answer: {
        loadbalancer: {
          name: '',
          description: '',
          provisioning_status: 'PENDING_CREATE',
          operating_status: 'OFFLINE',
          admin_state_up: true,
          project_id: '{facts.users.member.projectId}',
          tenant_id: '{facts.users.member.projectId}',
          updated_at: null,
          vip_subnet_id: '{facts.networks.vips.subnetId}',
          vip_network_id: '{facts.networks.vips.networkId}',
          vip_sg_ids: [],
          vip_qos_policy_id: null,
          vip_vnic_type: 'normal',
          additional_vips: [],
          provider: 'amphora',
          flavor_id: null,
          availability_zone: null,
          tags: ['a=b'],
          listeners: [],
          pools: [],
        },
      },
      save: { loadBalancer: 'loadbalancer.id', vipPort: 'loadbalancer.vip_port_id', vip: 'loadbalancer.vip_address' },
    },
  ],
  expectations: [
    {
      name: 'is immutable while it is being created',
      steps: [
        {
          send: 'POST /v2/lbaas/pools',
          body: { pool: { loadbalancer_id: '{loadBalancer}', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } },
          status: 409,
          answer: fault('Load Balancer {loadBalancer} is immutable and cannot be updated.'),
        },
        {
          send: `DELETE ${PATH}/{loadBalancer}?cascade=true`,
          status: 409,
          answer: fault('Invalid state PENDING_CREATE of loadbalancer resource {loadBalancer}'),
        },
        {
          send: `PUT ${PATH}/{loadBalancer}`,
          body: { loadbalancer: { name: 'x' } },
          status: 409,
          answer: fault('Invalid state PENDING_CREATE of loadbalancer resource {loadBalancer}'),
          settles: 'ACTIVE',
        },
      ],
    },
    {
      name: 'has a VIP port of its own in Neutron',
      steps: [
        {
          send: 'GET /v2.0/ports/{vipPort}',
          to: 'network',
          status: 200,
          answer: {
            port: {
              name: 'octavia-lb-{loadBalancer}',
              device_owner: 'Octavia',
              device_id: 'lb-{loadBalancer}',
              admin_state_up: false,
              project_id: '{facts.users.member.projectId}',
              fixed_ips: [{ subnet_id: '{facts.networks.vips.subnetId}', ip_address: '{vip}' }],
            },
          },
        },
        {
          send: `POST ${PATH}`,
          body: { loadbalancer: { vip_subnet_id: '{facts.networks.vips.subnetId}', vip_address: '{vip}' } },
          status: 500,
          answer: { faultstring: "~Provider 'amphora' reports error: " },
        },
      ],
    },
    {
      name: 'is changed in name, description, switch and tags only',
      steps: [
        {
          send: `PUT ${PATH}/{loadBalancer}`,
          body: { loadbalancer: { name: 'n', description: 'd', tags: ['x', 'y'] } },
          status: 200,
          answer: { loadbalancer: { name: 'n', description: 'd', provisioning_status: 'PENDING_UPDATE' } },
          settles: 'ACTIVE',
        },
        {
          send: `PUT ${PATH}/{loadBalancer}`,
          body: { loadbalancer: { vip_address: '127.0.0.1' } },
          status: 400,
          answer: fault('Unknown attribute for argument load_balancer.loadbalancer: vip_address'),
        },
      ],
    },
    {
      name: 'takes a listener with Octavia\u2019s defaults, and is PENDING_UPDATE meanwhile',
      steps: [
        {
          send: 'POST /v2/lbaas/listeners',
          paused: true,
          body: { listener: { loadbalancer_id: '{loadBalancer}', protocol: 'HTTP', protocol_port: 80 } },
          status: 201,
          answer: {
            listener: {
              provisioning_status: 'PENDING_CREATE',
              operating_status: 'OFFLINE',
              connection_limit: -1,
              timeout_client_data: 50000,
              timeout_member_connect: 5000,
              timeout_member_data: 50000,
              timeout_tcp_inspect: 0,
              insert_headers: {},
              allowed_cidrs: null,
              default_pool_id: null,
              default_tls_container_ref: null,
              sni_container_refs: [],
              client_authentication: 'NONE',
              tls_versions: null,
              tls_ciphers: null,
              alpn_protocols: null,
              hsts_max_age: null,
              l7policies: [],
              loadbalancers: [{ id: '{loadBalancer}' }],
            },
          },
          save: { listener: 'listener.id' },
        },
        {
          send: 'POST /v2/lbaas/pools',
          body: { pool: { loadbalancer_id: '{loadBalancer}', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } },
          status: 409,
          answer: fault('Load Balancer {loadBalancer} is immutable and cannot be updated.'),
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
      name: 'has one listener per port and transport protocol',
      steps: [
        {
          send: 'POST /v2/lbaas/listeners',
          body: { listener: { loadbalancer_id: '{loadBalancer}', protocol: 'TCP', protocol_port: 80 } },
          status: 409,
          answer: fault('Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80'),
        },
        {
          send: `GET ${PATH}/{loadBalancer}`,
          status: 200,
          answer: { loadbalancer: { provisioning_status: 'ACTIVE' } },
        },
      ],
    },
    {
      name: 'changes a listener in everything but protocol and port, and clears with null',
      steps: [
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: {
            listener: {
              name: 'l',
              connection_limit: 7,
              timeout_client_data: 1000,
              insert_headers: { 'X-Forwarded-For': 'true' },
              allowed_cidrs: ['10.0.0.0/8'],
            },
          },
          status: 200,
          answer: {
            listener: {
              name: 'l',
              connection_limit: 7,
              timeout_client_data: 1000,
              insert_headers: { 'X-Forwarded-For': 'true' },
              allowed_cidrs: ['10.0.0.0/8'],
              provisioning_status: 'PENDING_UPDATE',
            },
          },
          settles: 'ACTIVE',
        },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { connection_limit: null, timeout_client_data: null, allowed_cidrs: [] } },
          status: 200,
          answer: { listener: { name: 'l', connection_limit: -1, timeout_client_data: 50000, allowed_cidrs: null } },
          settles: 'ACTIVE',
        },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { protocol_port: 81 } },
          status: 400,
          answer: fault('Unknown attribute for argument listener_.listener: protocol_port'),
        },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { insert_headers: { 'X-Nothing': 'true' } } },
          status: 400,
          answer: fault("['X-Nothing'] is not a valid option for insert_headers"),
        },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { default_pool_id: NOBODY } },
          status: 404,
          answer: fault(`Pool ${NOBODY} not found.`),
        },
      ],
    },
    {
      name: 'wants certificates for TERMINATED_HTTPS, and none for HTTP',
      steps: [
        {
          send: 'POST /v2/lbaas/listeners',
          body: { listener: { loadbalancer_id: '{loadBalancer}', protocol: 'TERMINATED_HTTPS', protocol_port: 443 } },
          status: 400,
          answer: fault(
            'Validation failure: An SNI or default certificate container reference must be provided for TERMINATED_HTTPS protocol listeners.',
          ),
        },
        {
          send: 'PUT /v2/lbaas/listeners/{listener}',
          body: { listener: { sni_container_refs: ['{facts.endpoints.keyManager}/v1/secrets/x'] } },
          status: 400,
          answer: fault(
            'Validation failure: Certificate container references are not allowed on HTTP protocol listeners.',
          ),
        },
      ],
    },
    {
      name: 'is not deleted with children unless the delete cascades, and then is gone',
      steps: [
        {
          send: `DELETE ${PATH}/{loadBalancer}`,
          status: 400,
          answer: fault('Validation failure: Cannot delete Load Balancer {loadBalancer} - it has children'),
        },
        { send: `DELETE ${PATH}/{loadBalancer}?cascade=true`, status: 204, settles: 'GONE' },
        { send: `GET ${PATH}/{loadBalancer}`, status: 404 },
        { send: 'GET /v2/lbaas/listeners/{listener}', status: 404 },
        { send: 'GET /v2.0/ports/{vipPort}', to: 'network', status: 404 },
      ],
    },
  ],
};
