import { type Cloud, isMarked, NotFoundError, type Port } from '@kuryr-l7/openstack';
import { LoadBalancerRefusedError } from '../errors.js';

/**
 * That a port which a Service names can be its VIP. Octavia refuses one with a `device_id` only, which ports that are kept
 * ready for Pods have not, nor those that a machine is about to get, nor those that are the VIP of another load balancer.
 * @throws LoadBalancerRefusedError where it is not there, or meant for something else
 */
export async function requireFreePort(cloud: Cloud, portId: string, signal: AbortSignal): Promise<void> {
  const owner = ownerOf(await portOf(cloud, portId, signal)) ?? (await loadBalancerAt(cloud, portId, signal));
  if (owner === undefined) return;
  throw new LoadBalancerRefusedError(
    `${named(portId)} can't be a VIP, as it belongs to ${owner}: name one that was made for this Service, without device and owner`,
  );
}

function ownerOf(port: Port): string | undefined {
  if (isMarked(port)) return 'the Pods of a cluster';
  const { device_owner, device_id } = port;
  return device_owner || device_id || undefined;
}

async function loadBalancerAt({ octavia }: Cloud, portId: string, signal: AbortSignal): Promise<string | undefined> {
  const [there] = await octavia.loadBalancers.list({ vip_port_id: portId }, { signal });
  return there && `load balancer ${there.id}`;
}

async function portOf({ neutron }: Cloud, portId: string, signal: AbortSignal): Promise<Port> {
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
