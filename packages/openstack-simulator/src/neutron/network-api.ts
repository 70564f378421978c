import { ApiFault } from '../http/api-fault.js';
import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { flag, integer, list, text, uuid } from '../shape/readers.js';
import { freeAddress, networksWithin } from './addresses.js';
import type { Network, Subnet, SubnetPool } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import { readNeutronBody } from './neutron-body.js';
import { findVisible, isVisible, neutronList, type View } from './neutron-listing.js';
import type { NeutronState } from './neutron-state.js';
import { addTagRoutes } from './tag-api.js';

const NETWORK_FIELDS = { name: text(), description: text(), admin_state_up: flag, project_id: text(), mtu: integer() };
const SUBNET_FIELDS = {
  name: text(),
  description: text(),
  network_id: uuid,
  project_id: text(),
  ip_version: integer(),
  cidr: text(),
  subnetpool_id: uuid,
  enable_dhcp: flag,
};
const POOL_FIELDS = { name: text(), prefixes: list(text()), default_prefixlen: integer() };

/** Networks, subnets and pools of subnets; those of the facts are there from the start. */
export function addNetworkRoutes(routes: RouteTable, context: NeutronContext): void {
  const { state } = context;
  const networkView = (network: Network): View => ({
    ...network,
    tenant_id: network.project_id,
    admin_state_up: true,
    status: 'ACTIVE',
    shared: false,
    mtu: 1450,
    port_security_enabled: true,
    subnets: state.subnetsOf(network.id).map(({ id }) => id),
  });
  const isExternal = (network: Network | undefined) => network?.['router:external'] === true;
  const isShared = ({ network_id }: Subnet) => isExternal(state.networks.get(network_id));
  routes
    .add('GET', '/v2.0/networks', (request) =>
      neutronList(
        request,
        'networks',
        [...state.networks.values()]
          .filter((network) => isVisible(request, network.project_id, isExternal(network)))
          .map(networkView),
      ),
    )
    .add('GET', '/v2.0/networks/:network', (request) => {
      const id = parameter(request, 'network');
      const network = findVisible(request, state.networks, { id, title: 'Network', shared: isExternal });
      return { status: 200, body: { network: networkView(network) } };
    })
    .add('POST', '/v2.0/networks', (request) => {
      const given = readNeutronBody(request.body, 'network', NETWORK_FIELDS);
      const network: Network = {
        ...context.newborn(given.project_id ?? request.caller.projectId),
        name: given.name ?? '',
        description: given.description ?? '',
        'router:external': false,
      };
      state.networks.set(network.id, network);
      return { status: 201, body: { network: networkView(network) } };
    })
    .add('DELETE', '/v2.0/networks/:network', (request) => {
      const { id } = findVisible(request, state.networks, { id: parameter(request, 'network'), title: 'Network' });
      const ports = [...state.ports.values()].filter(({ network_id }) => network_id === id);
      if (ports.length > 0) {
        const ids = ports.map((port) => port.id).join(', ');
        const message = `Unable to complete operation on network ${id}. There are one or more ports still in use on the network, id for these ports is: ${ids}.`;
        throw new ApiFault(409, message, 'NetworkInUse');
      }
      for (const subnet of state.subnetsOf(id)) state.subnets.delete(subnet.id);
      state.networks.delete(id);
      return { status: 204 };
    })
    .add('POST', '/v2.0/subnets', (request) => {
      const given = readNeutronBody(request.body, 'subnet', SUBNET_FIELDS);
      const network = findVisible(request, state.networks, { id: given.network_id ?? '', title: 'Network' });
      const cidr = given.cidr ?? freeNetwork(state, given.subnetpool_id ?? '');
      const subnet: Subnet = {
        ...context.newborn(network.project_id),
        name: given.name ?? '',
        description: given.description ?? '',
        network_id: network.id,
        cidr,
        gateway_ip: freeAddress(cidr, new Set()) ?? '',
        ...(typeof given.subnetpool_id === 'string' && { subnetpool_id: given.subnetpool_id }),
      };
      state.subnets.set(subnet.id, subnet);
      return { status: 201, body: { subnet: subnetView(subnet) } };
    })
    .add('POST', '/v2.0/subnetpools', (request) => {
      const given = readNeutronBody(request.body, 'subnetpool', POOL_FIELDS);
      const pool: SubnetPool = {
        ...context.newborn(request.caller.projectId),
        name: given.name ?? '',
        description: '',
        prefixes: given.prefixes ?? [],
        default_prefixlen: given.default_prefixlen ?? 24,
      };
      state.subnetPools.set(pool.id, pool);
      return { status: 201, body: { subnetpool: { ...pool, ip_version: 4 } } };
    })
    .add('DELETE', '/v2.0/subnetpools/:pool', (request) => {
      const { id } = findVisible(request, state.subnetPools, { id: parameter(request, 'pool'), title: 'Subnet pool' });
      state.subnetPools.delete(id);
      return { status: 204 };
    })
    .add('GET', '/v2.0/subnets', (request: AuthenticatedRequest) =>
      neutronList(
        request,
        'subnets',
        [...state.subnets.values()]
          .filter((subnet) => isVisible(request, subnet.project_id, isShared(subnet)))
          .map(subnetView),
      ),
    )
    .add('GET', '/v2.0/subnets/:subnet', (request) => {
      const id = parameter(request, 'subnet');
      const subnet = findVisible(request, state.subnets, { id, title: 'Subnet', shared: isShared });
      return { status: 200, body: { subnet: subnetView(subnet) } };
    })
    .add('GET', '/v2.0/extensions', () => ({
      status: 200,
      body: {
        extensions: EXTENSIONS.map((alias) => ({ alias, name: alias, description: '', links: [], updated: '' })),
      },
    }));
  addTagRoutes(routes, '/v2.0/networks/:network', (request) =>
    findVisible(request, state.networks, { id: parameter(request, 'network'), title: 'Network' }),
  );
}

/** The first network of the pool that no subnet has. @throws ApiFault 500, as the real one */
function freeNetwork(state: NeutronState, poolId: string): string {
  const pool = state.subnetPools.get(poolId);
  if (pool === undefined) throw new ApiFault(404, `Subnet pool ${poolId} could not be found.`, 'SubnetPoolNotFound');
  const taken = new Set([...state.subnets.values()].map(({ cidr }) => cidr));
  const found = pool.prefixes
    .flatMap((prefix) => networksWithin(prefix, pool.default_prefixlen))
    .find((cidr) => !taken.has(cidr));
  if (found !== undefined) return found;
  const size = `/${pool.default_prefixlen}`;
  const message = `Failed to allocate subnet: Insufficient prefix space to allocate subnet size ${size}.`;
  throw new ApiFault(500, message, 'SubnetAllocationError');
}

const EXTENSIONS = ['router', 'external-net', 'security-group', 'quotas', 'standard-attr-tag', 'trunk'];

function subnetView(subnet: Subnet): View {
  return {
    ...subnet,
    tenant_id: subnet.project_id,
    ip_version: 4,
    enable_dhcp: false,
    dns_nameservers: [],
    host_routes: [],
    allocation_pools: [],
    subnetpool_id: subnet.subnetpool_id ?? null,
  };
}
