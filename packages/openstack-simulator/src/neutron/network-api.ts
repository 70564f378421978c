import { type AuthenticatedRequest, parameter } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import type { Network, Subnet } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import { findVisible, isVisible, neutronList, type View } from './neutron-listing.js';

/** Networks and subnets can be read; the simulated cloud has those of its facts. */
export function addNetworkRoutes(routes: RouteTable, { state }: NeutronContext): void {
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
}

const EXTENSIONS = ['router', 'external-net', 'security-group', 'quotas', 'standard-attr-tag'];

function subnetView(subnet: Subnet): View {
  return {
    ...subnet,
    tenant_id: subnet.project_id,
    ip_version: 4,
    enable_dhcp: false,
    dns_nameservers: [],
    host_routes: [],
    allocation_pools: [],
    subnetpool_id: null,
  };
}
