import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { flag, integer, list, text, uuid } from '../shape/readers.js';
import { object } from '../shape/shape.js';
import type { Subport, Trunk } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import { readNeutronBody } from './neutron-body.js';
import { findVisible, isVisible, neutronList, type View } from './neutron-listing.js';

const PATH = '/v2.0/trunks';
const LAST_VLAN = 4094;
const SUBPORTS = list(object({ port_id: uuid, segmentation_type: text(), segmentation_id: integer() }));
const FIELDS = { name: text(), description: text(), admin_state_up: flag, port_id: uuid, sub_ports: SUBPORTS };

export function addTrunkRoutes(routes: RouteTable, context: NeutronContext): void {
  const { state } = context;
  const find = (request: AuthenticatedRequest) =>
    findVisible(request, state.trunks, { id: parameter(request, 'trunk'), title: 'Trunk' });
  routes
    .add('GET', PATH, (request) =>
      neutronList(
        request,
        'trunks',
        [...state.trunks.values()].filter(({ project_id }) => isVisible(request, project_id)).map(trunkView),
      ),
    )
    .add('GET', `${PATH}/:trunk`, (request) => ({ status: 200, body: { trunk: trunkView(find(request)) } }))
    .add('POST', PATH, (request) => {
      const given = readNeutronBody(request.body, 'trunk', FIELDS);
      const parent = findVisible(request, state.ports, { id: given.port_id ?? '', title: 'Port' });
      const trunk: Trunk = {
        ...context.newborn(request.caller.projectId),
        name: given.name ?? '',
        description: given.description ?? '',
        admin_state_up: given.admin_state_up ?? true,
        port_id: parent.id,
        sub_ports: [],
      };
      state.trunks.set(trunk.id, trunk);
      add(request, context, trunk, (given.sub_ports ?? []) as readonly Subport[]);
      return { status: 201, body: { trunk: trunkView(trunk) } };
    })
    .add('PUT', `${PATH}/:trunk/add_subports`, (request) => {
      const trunk = find(request);
      add(request, context, trunk, subportsOf(request.body));
      return { status: 200, body: trunkView(trunk) };
    })
    .add('PUT', `${PATH}/:trunk/remove_subports`, (request) => {
      const trunk = find(request);
      const ids = subportsOf(request.body).map(({ port_id }) => port_id);
      const missing = ids.find((id) => !trunk.sub_ports.some(({ port_id }) => port_id === id));
      if (missing !== undefined) {
        const message = `SubPort ${missing} on trunk ${trunk.id} could not be found.`;
        throw new ApiFault(404, message, 'SubPortNotFound');
      }
      trunk.sub_ports = trunk.sub_ports.filter(({ port_id }) => !ids.includes(port_id));
      return { status: 200, body: trunkView(trunk) };
    })
    .add('DELETE', `${PATH}/:trunk`, (request) => {
      state.trunks.delete(find(request).id);
      return { status: 204 };
    });
}

/** Their list stands in the body without a name around it. */
function subportsOf(body: unknown): readonly Subport[] {
  const { sub_ports } = readNeutronBody({ trunk: body }, 'trunk', { sub_ports: SUBPORTS });
  return (sub_ports ?? []) as readonly Subport[];
}

function add(
  request: AuthenticatedRequest,
  { state, agents }: NeutronContext,
  trunk: Trunk,
  wanted: readonly Subport[],
) {
  const ports = wanted.map(({ port_id, segmentation_id, segmentation_type }) => {
    const port = findVisible(request, state.ports, { id: port_id, title: 'Port' });
    if (state.trunkOfSubport(port_id) !== undefined) {
      throw new ApiFault(409, `Port ${port_id} is in use by another trunk.`, 'TrunkPortInUse');
    }
    if (port.device_id !== '') {
      const message = `Unable to complete operation on port ${port_id} for network ${port.network_id}. Port already has an attached device ${port.device_id}.`;
      throw new ApiFault(409, message, 'PortInUse');
    }
    if (segmentation_id < 1 || segmentation_id > LAST_VLAN) {
      const message = `Invalid input for operation: Segmentation ID '${segmentation_id}' is not in range.`;
      throw new ApiFault(400, message, 'InvalidInput');
    }
    if (trunk.sub_ports.some((known) => known.segmentation_id === segmentation_id)) {
      const message = `segmentation_type ${segmentation_type} and segmentation_id ${segmentation_id} already in use on trunk ${trunk.id}.`;
      throw new ApiFault(409, message, 'DuplicateSubPort');
    }
    return port;
  });
  trunk.sub_ports = [...trunk.sub_ports, ...wanted];
  for (const port of ports) agents.plug(port);
}

function trunkView(trunk: Trunk): View {
  return { ...trunk, tenant_id: trunk.project_id, status: 'DOWN' };
}
