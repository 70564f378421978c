import type { ApiStep, ExpectationSuite, Step } from './expectation.js';
import { NOBODY } from './steps.js';

const PORTS = '/v2.0/ports';
const PORT = {
  network_id: '{facts.networks.nodes.networkId}',
  fixed_ips: [{ subnet_id: '{facts.networks.nodes.subnetId}' }],
  device_owner: 'compute:kuryr',
} as const;
const TRUNK = '/v2.0/trunks/{trunk}';

function network(step: Omit<ApiStep, 'to'>): Step {
  return { ...step, to: 'network' };
}

function refused(send: string, body: unknown, status: number, type: string, message: string): Step {
  return network({ send, body, status, answer: { NeutronError: { type, message } } });
}

const subport = (id: string, vlan: number) => ({
  sub_ports: [{ port_id: id, segmentation_type: 'vlan', segmentation_id: vlan }],
});

export const POD_PORTS: ExpectationSuite = {
  name: 'Neutron\u2019s ports of Pods',
  setup: [
    network({
      send: `POST ${PORTS}`,
      body: { port: { ...PORT, description: 'kuryr-cluster={unique} kuryr-pod=a', tags: ['kuryr-cluster={unique}'] } },
      status: 201,
      // Without the extension tag-ports-during-bulk-creation the tags are passed over.
      answer: { port: { status: 'DOWN', device_owner: 'compute:kuryr', tags: [] } },
      save: { one: 'port.id', address: 'port.fixed_ips.0.ip_address' },
    }),
  ],
  expectations: [
    {
      name: 'are told of by their tag, their description and their address',
      steps: [
        network({ send: `PUT ${PORTS}/{one}/tags`, body: { tags: ['kuryr-cluster={unique}'] }, status: 200 }),
        ...[
          'tags=kuryr-cluster%3D{unique}',
          'description=kuryr-cluster%3D{unique}%20kuryr-pod%3Da',
          'fixed_ips=ip_address%3D{address}&fixed_ips=subnet_id%3D{facts.networks.nodes.subnetId}',
        ].map((filter) =>
          network({ send: `GET ${PORTS}?${filter}&fields=id`, status: 200, answer: { ports: [{ id: '{one}' }] } }),
        ),
        network({
          send: `GET ${PORTS}?description=kuryr-cluster%3D{unique}%20kuryr-pod%3Da&not-tags=kuryr-cluster%3D{unique}`,
          status: 200,
          answer: { ports: [] },
        }),
      ],
    },
    {
      name: 'are not changed where they are not as their revision is named',
      steps: [
        {
          ...refused(
            `PUT ${PORTS}/{one}`,
            { port: { security_groups: [] } },
            412,
            'RevisionNumberConstraintFailed',
            '~Constrained to 9999, but current revision is ',
          ),
          headers: { 'if-match': 'revision_number=9999' },
        },
      ],
    },
    {
      name: 'are made in one request, all or none',
      steps: [
        network({
          send: `POST ${PORTS}`,
          body: { ports: [PORT, PORT] },
          status: 201,
          answer: { ports: [{ device_owner: 'compute:kuryr' }, { device_owner: 'compute:kuryr' }] },
          save: { two: 'ports.0.id', three: 'ports.1.id' },
        }),
        network({
          send: `POST ${PORTS}`,
          body: { ports: [{ ...PORT, name: 'none-{unique}' }, { network_id: NOBODY }] },
          status: 404,
          answer: { NeutronError: { type: 'NetworkNotFound' } },
        }),
        network({ send: `GET ${PORTS}?name=none-{unique}`, status: 200, answer: { ports: [] } }),
      ],
    },
    {
      name: 'are bound to hosts and put into other projects by administrators alone, who are told',
      steps: [
        network({
          send: `POST ${PORTS}`,
          body: { port: { ...PORT, 'binding:host_id': 'no-agent-here' } },
          status: 403,
          answer: { NeutronError: { type: 'PolicyNotAuthorized' } },
        }),
        network({
          send: `POST ${PORTS}`,
          body: { port: { ...PORT, project_id: '{facts.users.other.projectId}' } },
          status: 400,
          answer: { NeutronError: { type: 'HTTPBadRequest', message: '~requires admin or advsvc privileges' } },
        }),
        network({
          send: `POST ${PORTS}`,
          as: 'admin',
          body: { port: { ...PORT, project_id: '{facts.users.member.projectId}', 'binding:host_id': 'no-agent-here' } },
          status: 201,
          answer: {
            port: {
              project_id: '{facts.users.member.projectId}',
              'binding:host_id': 'no-agent-here',
              'binding:vif_type': 'binding_failed',
            },
          },
          save: { unbound: 'port.id' },
        }),
        network({
          send: `GET ${PORTS}/{unbound}`,
          status: 200,
          answer: { port: { status: 'DOWN', 'binding:vif_type': undefined } },
        }),
        network({ send: `DELETE ${PORTS}/{unbound}`, status: 204 }),
      ],
    },
    {
      name: 'are refused where the quota is used up, or no address is free',
      steps: [
        network({
          send: 'POST /v2.0/networks',
          as: 'other',
          body: { network: { name: 'full' } },
          status: 201,
          save: { full: 'network.id' },
        }),
        network({
          send: 'POST /v2.0/subnets',
          as: 'other',
          body: { subnet: { network_id: '{full}', ip_version: 4, cidr: '10.9.9.0/30', enable_dhcp: false } },
          status: 201,
          answer: { subnet: { gateway_ip: '10.9.9.1', dns_nameservers: [], host_routes: [] } },
        }),
        network({
          send: `POST ${PORTS}`,
          as: 'other',
          body: { port: { network_id: '{full}' } },
          status: 201,
          save: { last: 'port.id' },
        }),
        network({
          send: `POST ${PORTS}`,
          as: 'other',
          body: { port: { network_id: '{full}' } },
          status: 409,
          answer: {
            NeutronError: {
              type: 'IpAddressGenerationFailure',
              message: 'No more IP addresses available on network {full}.',
            },
          },
        }),
        network({
          send: 'PUT /v2.0/quotas/{facts.users.other.projectId}',
          as: 'admin',
          body: { quota: { port: 1 } },
          status: 200,
        }),
        network({
          send: `POST ${PORTS}`,
          as: 'other',
          body: { ports: [{ network_id: '{full}' }] },
          status: 409,
          answer: { NeutronError: { type: 'OverQuota', message: "Quota exceeded for resources: ['port']." } },
        }),
        network({
          send: 'PUT /v2.0/quotas/{facts.users.other.projectId}',
          as: 'admin',
          body: { quota: { port: -1 } },
          status: 200,
        }),
        network({
          send: 'DELETE /v2.0/networks/{full}',
          as: 'other',
          status: 409,
          answer: { NeutronError: { type: 'NetworkInUse' } },
        }),
        network({ send: `DELETE ${PORTS}/{last}`, as: 'other', status: 204 }),
        network({ send: 'DELETE /v2.0/networks/{full}', as: 'other', status: 204 }),
      ],
    },
    {
      name: 'are VLANs of a trunk, one each',
      steps: [
        network({
          send: 'POST /v2.0/trunks',
          body: { trunk: { port_id: '{one}', name: 'node' } },
          status: 201,
          answer: { trunk: { port_id: '{one}', sub_ports: [] } },
          save: { trunk: 'trunk.id' },
        }),
        network({
          send: `GET ${PORTS}/{one}`,
          status: 200,
          answer: { port: { trunk_details: { trunk_id: '{trunk}', sub_ports: [] } } },
        }),
        network({
          send: `PUT ${TRUNK}/add_subports`,
          body: subport('{two}', 101),
          status: 200,
          answer: { port_id: '{one}', ...subport('{two}', 101) },
        }),
        refused(
          `PUT ${TRUNK}/add_subports`,
          subport('{two}', 102),
          409,
          'TrunkPortInUse',
          'Port {two} is in use by another trunk.',
        ),
        refused(
          `PUT ${TRUNK}/add_subports`,
          subport('{three}', 101),
          409,
          'DuplicateSubPort',
          'segmentation_type vlan and segmentation_id 101 already in use on trunk {trunk}.',
        ),
        refused(
          `PUT ${TRUNK}/add_subports`,
          subport('{three}', 4095),
          400,
          'InvalidInput',
          "Invalid input for operation: Segmentation ID '4095' is not in range.",
        ),
        network({ send: `PUT ${PORTS}/{three}`, body: { port: { device_id: 'pod' } }, status: 200 }),
        network({
          send: `PUT ${TRUNK}/add_subports`,
          body: subport('{three}', 102),
          status: 409,
          answer: { NeutronError: { type: 'PortInUse' } },
        }),
      ],
    },
    {
      name: 'are not deleted while a trunk has them',
      steps: [
        network({
          send: `DELETE ${PORTS}/{two}`,
          status: 409,
          answer: { NeutronError: { type: 'PortInUseAsSubPort' } },
        }),
        network({
          send: `DELETE ${PORTS}/{one}`,
          status: 409,
          answer: { NeutronError: { type: 'PortInUseAsTrunkParent' } },
        }),
        network({
          send: `PUT ${TRUNK}/remove_subports`,
          body: { sub_ports: [{ port_id: '{two}' }] },
          status: 200,
          answer: { sub_ports: [] },
        }),
        refused(
          `PUT ${TRUNK}/remove_subports`,
          { sub_ports: [{ port_id: '{two}' }] },
          404,
          'SubPortNotFound',
          'SubPort {two} on trunk {trunk} could not be found.',
        ),
        network({ send: `DELETE ${TRUNK}`, status: 204 }),
        network({ send: `GET ${TRUNK}`, status: 404, answer: { NeutronError: { type: 'TrunkNotFound' } } }),
      ],
    },
    {
      name: 'are in no trunk any more when theirs is deleted, and can be put into the one that is made anew',
      steps: [
        network({
          send: 'POST /v2.0/trunks',
          body: { trunk: { port_id: '{one}', ...subport('{two}', 7) } },
          status: 201,
          save: { trunk: 'trunk.id' },
        }),
        network({ send: `DELETE ${TRUNK}`, status: 204 }),
        network({ send: `PUT ${PORTS}/{two}`, body: { port: { description: 'ours' } }, status: 200 }),
        network({
          send: 'POST /v2.0/trunks',
          body: { trunk: { port_id: '{one}' } },
          status: 201,
          save: { trunk: 'trunk.id' },
        }),
        network({ send: `GET ${TRUNK}`, status: 200, answer: { trunk: { port_id: '{one}', sub_ports: [] } } }),
        network({
          send: `PUT ${TRUNK}/add_subports`,
          body: subport('{two}', 8),
          status: 200,
          answer: subport('{two}', 8),
        }),
        network({ send: `PUT ${TRUNK}/remove_subports`, body: { sub_ports: [{ port_id: '{two}' }] }, status: 200 }),
        network({ send: `DELETE ${TRUNK}`, status: 204 }),
      ],
    },
    {
      name: 'are in subnets that come from a pool, which can be used up, and that a router joins once',
      steps: [
        network({
          send: 'POST /v2.0/subnetpools',
          body: { subnetpool: { name: 'pods', prefixes: ['10.56.0.0/24'], default_prefixlen: 24 } },
          status: 201,
          save: { pool: 'subnetpool.id' },
        }),
        network({
          send: 'POST /v2.0/networks',
          body: { network: { name: 'namespace' } },
          status: 201,
          save: { namespace: 'network.id' },
        }),
        network({
          send: 'POST /v2.0/subnets',
          body: { subnet: { network_id: '{namespace}', ip_version: 4, subnetpool_id: '{pool}', enable_dhcp: false } },
          status: 201,
          answer: { subnet: { cidr: '10.56.0.0/24', gateway_ip: '10.56.0.1', subnetpool_id: '{pool}' } },
          save: { subnet: 'subnet.id' },
        }),
        refused(
          'POST /v2.0/subnets',
          { subnet: { network_id: '{namespace}', ip_version: 4, subnetpool_id: '{pool}' } },
          500,
          'SubnetAllocationError',
          'Failed to allocate subnet: Insufficient prefix space to allocate subnet size /24.',
        ),
        network({
          send: 'PUT /v2.0/routers/{facts.routerId}/add_router_interface',
          body: { subnet_id: '{subnet}' },
          status: 200,
        }),
        refused(
          'PUT /v2.0/routers/{facts.routerId}/add_router_interface',
          { subnet_id: '{subnet}' },
          400,
          'BadRequest',
          'Bad router request: Router already has a port on subnet {subnet}.',
        ),
        network({
          send: 'PUT /v2.0/routers/{facts.routerId}/remove_router_interface',
          body: { subnet_id: '{subnet}' },
          status: 200,
        }),
        network({
          send: 'PUT /v2.0/routers/{facts.routerId}/remove_router_interface',
          body: { subnet_id: '{subnet}' },
          status: 404,
          answer: { NeutronError: { type: 'RouterInterfaceNotFoundForSubnet' } },
        }),
        network({ send: 'DELETE /v2.0/networks/{namespace}', status: 204 }),
        network({ send: 'GET /v2.0/subnets/{subnet}', status: 404 }),
        network({ send: 'DELETE /v2.0/subnetpools/{pool}', status: 204 }),
      ],
    },
  ],
  cleanup: ['{one}', '{two}', '{three}'].map((id) => network({ send: `DELETE ${PORTS}/${id}`, status: 204 })),
};
