import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import type { Port } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import { badRequest, readNeutronBody } from './neutron-body.js';
import { findVisible, isVisible, neutronList, type View } from './neutron-listing.js';
import { createPort, PORT_POST_FIELDS, PORT_PUT_FIELDS } from './port-creation.js';
import { addTagRoutes } from './tag-api.js';

const PATH = '/v2.0/ports';

export function addPortRoutes(routes: RouteTable, context: NeutronContext): void {
  const { state } = context;
  const find = (request: AuthenticatedRequest) =>
    findVisible(request, state.ports, { id: parameter(request, 'port'), title: 'Port' });
  const view = (request: AuthenticatedRequest) => (port: Port) => portView(port, context, request);
  routes
    .add('GET', PATH, (request) =>
      neutronList(
        request,
        'ports',
        [...state.ports.values()].filter((port) => isVisible(request, port.project_id)).map(view(request)),
      ),
    )
    .add('GET', `${PATH}/:port`, (request) => ({ status: 200, body: { port: view(request)(find(request)) } }))
    .add('POST', PATH, (request) => {
      const several = bulkOf(request.body);
      if (several === undefined) {
        const port = createPort(request, context, readNeutronBody(request.body, 'port', PORT_POST_FIELDS));
        return { status: 201, body: { port: view(request)(port) } };
      }
      const ports = createAll(request, context, several);
      return { status: 201, body: { ports: ports.map(view(request)) } };
    })
    .add('PUT', `${PATH}/:port`, (request) => {
      const port = find(request);
      requireRevision(request, port);
      const given = readNeutronBody(request.body, 'port', PORT_PUT_FIELDS);
      for (const group of given.security_groups ?? []) requireGroup(context, group);
      const named = Object.entries(given).filter(([, value]) => value !== null);
      Object.assign(port, Object.fromEntries(named), { updated_at: context.now() });
      port.revision_number++;
      return { status: 200, body: { port: view(request)(port) } };
    })
    .add('DELETE', `${PATH}/:port`, (request) => {
      const { id } = find(request);
      requireNoTrunk(context, id);
      state.removePort(id);
      return { status: 204 };
    });
  addTagRoutes(routes, `${PATH}/:port`, find);
}

function bulkOf(body: unknown): readonly unknown[] | undefined {
  const ports: unknown = typeof body === 'object' && body !== null && 'ports' in body ? body.ports : undefined;
  if (ports === undefined) return undefined;
  if (Array.isArray(ports) && ports.length > 0) return ports;
  throw badRequest('Resources required');
}

/** All of them, or none. */
function createAll(request: AuthenticatedRequest, context: NeutronContext, given: readonly unknown[]): readonly Port[] {
  const made: Port[] = [];
  try {
    for (const port of given)
      made.push(createPort(request, context, readNeutronBody({ port }, 'port', PORT_POST_FIELDS)));
    return made;
  } catch (error) {
    for (const { id } of made) context.state.removePort(id);
    throw error;
  }
}

function requireRevision({ headers }: AuthenticatedRequest, { revision_number }: Port): void {
  const [, wanted] = /^revision_number=(\d+)$/.exec(headers['if-match'] ?? '') ?? [];
  if (wanted === undefined || Number(wanted) === revision_number) return;
  const message = `Constrained to ${wanted}, but current revision is ${revision_number}`;
  throw new ApiFault(412, message, 'RevisionNumberConstraintFailed');
}

function requireNoTrunk({ state }: NeutronContext, id: string): void {
  const trunk = state.trunkOfSubport(id);
  if (trunk !== undefined) {
    throw new ApiFault(409, `Port ${id} is currently a subport for trunk ${trunk.id}.`, 'PortInUseAsSubPort');
  }
  const own = [...state.trunks.values()].find(({ port_id }) => port_id === id);
  if (own !== undefined) {
    throw new ApiFault(409, `Port ${id} is currently a parent port for trunk ${own.id}.`, 'PortInUseAsTrunkParent');
  }
}

function requireGroup({ state }: NeutronContext, id: string): void {
  // Also one that is on the port already: Octavia's own is not seen by the user.
  if (!state.securityGroups.has(id)) {
    throw new ApiFault(404, `Security group ${id} does not exist`, 'SecurityGroupNotFound');
  }
}

function portView(port: Port, { state, agents }: NeutronContext, { caller }: AuthenticatedRequest): View {
  const { host, activeAt: _, ...shown } = port;
  const trunk = [...state.trunks.values()].find(({ port_id }) => port_id === port.id);
  return {
    mac_address: 'fa:16:3e:00:00:01',
    ...shown,
    status: agents.statusOf(port),
    tenant_id: port.project_id,
    allowed_address_pairs: [],
    extra_dhcp_opts: [],
    'binding:vnic_type': 'normal',
    ...(caller.roles.includes('admin') && binding(host, host !== undefined && agents.isAlive(host))),
    port_security_enabled: true,
    ...(trunk !== undefined && { trunk_details: { trunk_id: trunk.id, sub_ports: trunk.sub_ports } }),
  };
}

function binding(host: string | undefined, isBound: boolean): View {
  const details = { connectivity: 'l2', port_filter: true, ovs_hybrid_plug: null, bridge_name: 'br-int' };
  return {
    'binding:host_id': host ?? '',
    'binding:profile': {},
    'binding:vif_type': host === undefined ? 'unbound' : isBound ? 'ovs' : 'binding_failed',
    'binding:vif_details': isBound ? details : {},
  };
}
