import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { ipAddress, text, uuid } from '../shape/readers.js';
import type { FloatingIp } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import { readNeutronBody } from './neutron-body.js';
import { findVisible, isVisible, neutronList, type View } from './neutron-listing.js';
import { projectOfNew } from './project-of-new.js';
import { requireNeutronQuota } from './quota-api.js';
import { addTagRoutes } from './tag-api.js';

const PATH = '/v2.0/floatingips';
const PUT_FIELDS = { port_id: uuid, fixed_ip_address: ipAddress, description: text({ maximum: 255 }) };
const POST_FIELDS = {
  ...PUT_FIELDS,
  floating_network_id: uuid,
  floating_ip_address: ipAddress,
  subnet_id: uuid,
  project_id: text(),
  tenant_id: text(),
};

export function addFloatingIpRoutes(routes: RouteTable, context: NeutronContext): void {
  const { state } = context;
  const find = (request: AuthenticatedRequest) => {
    const id = parameter(request, 'floatingip');
    const found = state.floatingIps.get(id);
    if (found === undefined || !isVisible(request, found.project_id)) {
      throw new ApiFault(404, `Floating IP ${id} could not be found`, 'FloatingIPNotFound');
    }
    return found;
  };
  routes
    .add('GET', PATH, (request) =>
      neutronList(
        request,
        'floatingips',
        [...state.floatingIps.values()].filter((ip) => isVisible(request, ip.project_id)).map(view),
      ),
    )
    .add('GET', `${PATH}/:floatingip`, (request) => ({ status: 200, body: { floatingip: view(find(request)) } }))
    .add('POST', PATH, (request) => {
      const floatingIp = create(request, context);
      return { status: 201, body: { floatingip: view(floatingIp) } };
    })
    .add('PUT', `${PATH}/:floatingip`, (request) => {
      const floatingIp = find(request);
      const given = readNeutronBody(request.body, 'floatingip', PUT_FIELDS);
      if (given.port_id === null) state.detach(floatingIp);
      else if (given.port_id !== undefined) attach(request, context, floatingIp, given.port_id);
      if (given.description !== undefined) floatingIp.description = given.description ?? '';
      floatingIp.updated_at = context.now();
      floatingIp.revision_number++;
      return { status: 200, body: { floatingip: view(floatingIp) } };
    })
    .add('DELETE', `${PATH}/:floatingip`, (request) => {
      state.removeFloatingIp(find(request));
      return { status: 204 };
    });
  addTagRoutes(routes, `${PATH}/:floatingip`, find);
}

function create(request: AuthenticatedRequest, context: NeutronContext): FloatingIp {
  const { state } = context;
  const given = readNeutronBody(request.body, 'floatingip', POST_FIELDS);
  const networkId = given.floating_network_id ?? '';
  const network = state.networks.get(networkId);
  if (network === undefined) throw new ApiFault(404, `Network ${networkId} could not be found.`, 'NetworkNotFound');
  if (!network['router:external']) {
    throw new ApiFault(
      400,
      `Bad floatingip request: Network ${networkId} is not a valid external network.`,
      'BadRequest',
    );
  }
  // Default policy: only an administrator chooses the address.
  if (given.floating_ip_address && !request.caller.roles.includes('admin')) {
    throw new ApiFault(
      403,
      '(rule:create_floatingip and rule:create_floatingip:floating_ip_address) is disallowed by policy',
      'PolicyNotAuthorized',
    );
  }
  const projectId = projectOfNew(request, given.project_id);
  const count = [...state.floatingIps.values()].filter(({ project_id }) => project_id === projectId).length;
  requireNeutronQuota(context, projectId, 'floatingip', count);
  const [subnet] = state.subnetsOf(networkId);
  const address = given.floating_ip_address ?? (subnet && state.freeAddress(subnet)) ?? undefined;
  if (address === undefined) {
    throw new ApiFault(409, `No more IP addresses available on network ${networkId}.`, 'IpAddressGenerationFailure');
  }
  const floatingIp: FloatingIp = {
    ...context.newborn(projectId),
    description: given.description ?? '',
    floating_network_id: networkId,
    floating_ip_address: address,
    port_id: null,
    fixed_ip_address: null,
    router_id: null,
    status: 'DOWN',
  };
  if (given.port_id) attach(request, context, floatingIp, given.port_id);
  state.floatingIps.set(floatingIp.id, floatingIp);
  return floatingIp;
}

/** @throws ApiFault 409 where the port has a floating IP already */
function attach(request: AuthenticatedRequest, context: NeutronContext, floatingIp: FloatingIp, portId: string): void {
  const { state, routerId } = context;
  const port = findVisible(request, state.ports, { id: portId, title: 'Port' });
  const other = [...state.floatingIps.values()].find(({ port_id, id }) => port_id === portId && id !== floatingIp.id);
  const fixed = port.fixed_ips[0]?.ip_address ?? null;
  if (other !== undefined) {
    throw new ApiFault(
      409,
      `Cannot associate floating IP ${floatingIp.floating_ip_address} (${floatingIp.id}) with port ${portId} using ` +
        `fixed IP ${fixed}, as that fixed IP already has a floating IP on external network ${floatingIp.floating_network_id}.`,
      'FloatingIPPortAlreadyAssociated',
    );
  }
  Object.assign(floatingIp, { port_id: portId, fixed_ip_address: fixed, router_id: routerId, status: 'ACTIVE' });
}

function view(floatingIp: FloatingIp): View {
  return { ...floatingIp, tenant_id: floatingIp.project_id, port_details: null };
}
