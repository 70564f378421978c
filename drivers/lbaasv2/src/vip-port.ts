import { type NeutronClient, NotFoundError, type Port } from '@kuryr-l7/openstack';
import { LoadBalancerRefusedError } from './errors.js';

/**
 * That a port which a Service names can be its VIP. Octavia refuses one with a `device_id` only, which ports that are kept
 * ready for Pods have not, nor those that a machine is about to get.
 * @throws LoadBalancerRefusedError where it is not there, or meant for something else
 */
export async function requireFreePort(neutron: NeutronClient, portId: string, signal: AbortSignal): Promise<void> {
  const owner = ownerOf(await portOf(neutron, portId, signal));
  if (owner === undefined) return;
  throw new LoadBalancerRefusedError(
    `${named(portId)} can't be a VIP, as it belongs to ${owner}: name one that was made for this Service, without device and owner`,
  );
}

function ownerOf({ device_owner, device_id, tags }: Port): string | undefined {
  if (tags.some((tag) => tag.startsWith('kuryr-'))) return 'the Pods of a cluster';
  return device_owner || device_id || undefined;
}

async function portOf(neutron: NeutronClient, portId: string, signal: AbortSignal): Promise<Port> {
  try {
    return await neutron.ports.get(portId, { signal });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new LoadBalancerRefusedError(`${named(portId)} is not there`, { cause: error });
  }
}

function named(portId: string): string {
  return `the port ${portId} of the annotation loadbalancer.openstack.org/port-id`;
}
