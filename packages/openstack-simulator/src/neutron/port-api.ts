import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { flag, list, text, uuid } from '../shape/readers.js';
import { freeAddress } from './addresses.js';
import type { Port } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import { readNeutronBody } from './neutron-body.js';
import { findVisible, isVisible, neutronList, type View } from './neutron-listing.js';
import { addTagRoutes } from './tag-api.js';

const PATH = '/v2.0/ports';
const PUT_FIELDS = {
  name: text({ maximum: 255 }),
  description: text({ maximum: 255 }),
  admin_state_up: flag,
  device_id: text({ maximum: 255 }),
  device_owner: text({ maximum: 255 }),
  security_groups: list(uuid),
};
const POST_FIELDS = { ...PUT_FIELDS, network_id: uuid };

export function addPortRoutes(routes: RouteTable, context: NeutronContext): void {
  const { state } = context;
  const find = (request: AuthenticatedRequest) =>
    findVisible(request, state.ports, { id: parameter(request, 'port'), title: 'Port' });
  routes
    .add('GET', PATH, (request) =>
      neutronList(
        request,
        'ports',
        [...state.ports.values()].filter((port) => isVisible(request, port.project_id)).map(portView),
      ),
    )
    .add('GET', `${PATH}/:port`, (request) => ({ status: 200, body: { port: portView(find(request)) } }))
    .add('POST', PATH, (request) => {
      const given = readNeutronBody(request.body, 'port', POST_FIELDS);
      const [subnet] = state.subnetsOf(given.network_id ?? '');
      if (subnet === undefined) {
        throw new ApiFault(404, `Network ${given.network_id} could not be found.`, 'NetworkNotFound');
      }
      const address = freeAddress(subnet.cidr, state.takenAddresses(subnet));
      if (address === undefined) {
        throw new ApiFault(
          409,
          `No more IP addresses available on network ${subnet.network_id}.`,
          'IpAddressGenerationFailure',
        );
      }
      const port: Port = {
        ...context.newborn(request.caller.projectId),
        name: given.name ?? '',
        description: given.description ?? '',
        network_id: subnet.network_id,
        fixed_ips: [{ subnet_id: subnet.id, ip_address: address }],
        admin_state_up: given.admin_state_up ?? true,
        status: 'DOWN',
        device_id: given.device_id ?? '',
        device_owner: given.device_owner ?? '',
        security_groups: given.security_groups ?? [],
      };
      state.ports.set(port.id, port);
      return { status: 201, body: { port: portView(port) } };
    })
    .add('PUT', `${PATH}/:port`, (request) => {
      const port = find(request);
      const given = readNeutronBody(request.body, 'port', PUT_FIELDS);
      for (const group of given.security_groups ?? []) requireGroup(context, group);
      const named = Object.entries(given).filter(([, value]) => value !== null);
      Object.assign(port, Object.fromEntries(named), { updated_at: context.now() });
      port.revision_number++;
      return { status: 200, body: { port: portView(port) } };
    })
    .add('DELETE', `${PATH}/:port`, (request) => {
      state.removePort(find(request).id);
      return { status: 204 };
    });
  addTagRoutes(routes, `${PATH}/:port`, find);
}

function requireGroup({ state }: NeutronContext, id: string): void {
  const inUse = [...state.ports.values()].some(({ security_groups }) => security_groups.includes(id));
  if (!state.securityGroups.has(id) && !inUse) {
    throw new ApiFault(404, `Security group ${id} does not exist`, 'SecurityGroupNotFound');
  }
}

function portView(port: Port): View {
  return {
    ...port,
    tenant_id: port.project_id,
    mac_address: 'fa:16:3e:00:00:01',
    allowed_address_pairs: [],
    extra_dhcp_opts: [],
    'binding:vnic_type': 'normal',
    port_security_enabled: true,
  };
}
