import type { CallOptions } from '../api/call-options.js';
import { ifThere } from '../api/if-there.js';
import { ConflictError } from '../errors/api-error.js';
import type { NeutronClient } from './neutron-client.js';
import type { Port } from './port.js';

/**
 * Takes a network off the routers that are the gateways of its subnets, and deletes it with its subnets. As long as others
 * have ports in it, not even a router leaves it. One that is gone already is no error, so that it may be called again.
 *
 * @returns why the network stays; undefined where it is gone
 * @throws OpenStackError
 */
export async function deleteNetwork(
  neutron: NeutronClient,
  id: string,
  options: CallOptions = {},
): Promise<string | undefined> {
  const [ports, subnets] = await Promise.all([
    neutron.ports.list({ network_id: id }, options),
    neutron.subnets.list({ network_id: id }, options),
  ]);
  const addresses = new Set(subnets.map(({ gateway_ip }) => gateway_ip));
  const isGateway = (port: Port) => isOfRouter(port) && port.fixed_ips.some((fixed) => addresses.has(fixed.ip_address));
  // Those of Neutron itself, as for DHCP, go with the network.
  const others = ports.filter(
    (port) => !port.device_owner.startsWith('network:') || (isOfRouter(port) && !isGateway(port)),
  );
  if (others.length > 0) {
    const list = others.map((port) => (port.device_owner === '' ? port.id : `${port.id} of ${port.device_owner}`));
    return `there are ports in it: ${list.join(', ')}`;
  }
  try {
    for (const { device_id, fixed_ips } of ports.filter(isGateway)) {
      for (const { subnet_id } of fixed_ips) {
        await ifThere(() => neutron.removeRouterInterface(device_id, subnet_id, options));
      }
    }
    await ifThere(() => neutron.networks.delete(id, options));
    return undefined;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return error.fault;
  }
}

/** Also of a router with copies, or on every host. */
function isOfRouter({ device_owner }: Port): boolean {
  return /^network:(router_interface|ha_router_replicated_interface)/.test(device_owner);
}
