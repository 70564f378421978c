/** Neutron's part of the bed: an external network and two networks of the project `kuryr`, joined by a router. */
import type { Facts, Network } from './facts.js';
import { logIn } from './identity.js';
import { type Attributes, Rest } from './rest.js';
import { endpointsOf, rangesOf, type Settings } from './settings.js';

/** Makes what is missing. */
export async function ensureNetworks(settings: Settings): Promise<Pick<Facts, 'networks' | 'routerId'>> {
  const endpoint = `${endpointsOf(settings).network}/v2.0`;
  const admin = new Rest(endpoint, (await logIn(settings, 'admin', 'admin')).token);
  const member = new Rest(endpoint, (await logIn(settings, 'kuryr', 'kuryr')).token);
  const ranges = rangesOf(settings);
  const floating = await ensureNetwork(admin, 'external', ranges.floating, {
    'router:external': true,
    'provider:network_type': 'flat',
    'provider:physical_network': 'external',
  });
  const vips = await ensureNetwork(member, 'vips', ranges.vips);
  const nodes = await ensureNetwork(member, 'nodes', ranges.nodes);
  const router = await member.ensure('router', {
    name: 'router',
    external_gateway_info: { network_id: floating.networkId },
  });
  const connected = JSON.stringify(await admin.list('ports', `?device_id=${router.id}`));
  for (const { subnetId } of [vips, nodes].filter(({ subnetId }) => !connected.includes(subnetId))) {
    await member.request('PUT', `/routers/${router.id}/add_router_interface`, { subnet_id: subnetId });
  }
  return { networks: { vips, nodes, floating }, routerId: router.id };
}

async function ensureNetwork(
  neutron: Rest,
  name: string,
  { cidr, gateway }: { cidr: string; gateway: string },
  attributes: Attributes = {},
): Promise<Network> {
  const network = await neutron.ensure('network', { name, ...attributes });
  const addresses = { ip_version: 4, cidr, gateway_ip: gateway, enable_dhcp: false };
  const subnet = await neutron.ensure('subnet', { name, network_id: network.id, ...addresses });
  return { networkId: network.id, subnetId: subnet.id, cidr };
}
