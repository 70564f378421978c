import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { uuid } from '../shape/readers.js';
import type { Port, Subnet } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import { readNeutronBody } from './neutron-body.js';
import { findVisible } from './neutron-listing.js';

const PATH = '/v2.0/routers/:router';
const OWNER = 'network:router_interface';

/** A router's legs in subnets; the simulated cloud has the one router of its facts. */
export function addRouterRoutes(routes: RouteTable, context: NeutronContext): void {
  const { state } = context;
  const legIn = (subnet: Subnet) =>
    [...state.ports.values()].find(
      ({ device_owner, fixed_ips }) =>
        device_owner === OWNER && fixed_ips.some(({ subnet_id }) => subnet_id === subnet.id),
    );
  const subnetOf = (request: AuthenticatedRequest): Subnet => {
    const id = parameter(request, 'router');
    if (id !== context.routerId) throw new ApiFault(404, `Router ${id} could not be found.`, 'RouterNotFound');
    const { subnet_id } = readNeutronBody({ router: request.body }, 'router', { subnet_id: uuid });
    return findVisible(request, state.subnets, { id: subnet_id ?? '', title: 'Subnet' });
  };
  const answer = (subnet: Subnet, port: Port) => ({
    status: 200,
    body: { id: context.routerId, port_id: port.id, network_id: subnet.network_id, subnet_id: subnet.id },
  });
  routes
    .add('PUT', `${PATH}/add_router_interface`, (request) => {
      const subnet = subnetOf(request);
      if (legIn(subnet) !== undefined) {
        const message = `Bad router request: Router already has a port on subnet ${subnet.id}.`;
        throw new ApiFault(400, message, 'BadRequest');
      }
      const port: Port = {
        ...context.newborn(subnet.project_id),
        name: '',
        description: '',
        network_id: subnet.network_id,
        fixed_ips: [{ subnet_id: subnet.id, ip_address: subnet.gateway_ip }],
        admin_state_up: true,
        status: 'ACTIVE',
        device_id: context.routerId,
        device_owner: OWNER,
        security_groups: [],
      };
      state.ports.set(port.id, port);
      return answer(subnet, port);
    })
    .add('PUT', `${PATH}/remove_router_interface`, (request) => {
      const subnet = subnetOf(request);
      const port = legIn(subnet);
      if (port === undefined) {
        const message = `Router ${context.routerId} has no interface on subnet ${subnet.id}`;
        throw new ApiFault(404, message, 'RouterInterfaceNotFoundForSubnet');
      }
      state.removePort(port.id);
      return answer(subnet, port);
    });
}
