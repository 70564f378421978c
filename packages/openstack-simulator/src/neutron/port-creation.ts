import { randomBytes } from 'node:crypto';
import { ApiFault } from '../http/api-fault.js';
import type { AuthenticatedRequest } from '../http/exchange.js';
import { flag, list, text, uuid } from '../shape/readers.js';
import { type Given, object } from '../shape/shape.js';
import { isInSubnet } from './addresses.js';
import type { Port, Subnet } from './network-objects.js';
import type { NeutronContext } from './neutron.js';
import type { NeutronState } from './neutron-state.js';
import { projectOfNew } from './project-of-new.js';
import { requireNeutronQuota } from './quota-api.js';

const FIXED_IP = object({ subnet_id: uuid, ip_address: text() });

export const PORT_PUT_FIELDS = {
  name: text({ maximum: 255 }),
  description: text({ maximum: 255 }),
  admin_state_up: flag,
  device_id: text({ maximum: 255 }),
  device_owner: text({ maximum: 255 }),
  security_groups: list(uuid),
};
export const PORT_POST_FIELDS = {
  ...PORT_PUT_FIELDS,
  network_id: uuid,
  project_id: text(),
  fixed_ips: list(FIXED_IP),
  'binding:host_id': text(),
  // Taken and passed over, as the real one does without its extension for them.
  tags: list(text()),
};

type GivenPort = Given<typeof PORT_POST_FIELDS>;

/** @throws ApiFault where the caller may not, the quota is used up, or no address is free */
export function createPort(request: AuthenticatedRequest, context: NeutronContext, given: GivenPort): Port {
  const { state, agents } = context;
  const isAdmin = request.caller.roles.includes('admin');
  const host = given['binding:host_id'] ?? undefined;
  if (host !== undefined && !isAdmin) {
    throw new ApiFault(
      403,
      '(rule:create_port and rule:create_port:binding:host_id) is disallowed by policy',
      'PolicyNotAuthorized',
    );
  }
  const projectId = projectOfNew(request, given.project_id);
  const used = [...state.ports.values()].filter(({ project_id }) => project_id === projectId).length;
  requireNeutronQuota(context, projectId, 'port', used);
  const fixed = fixedAddresses(context, given);
  const port: Port = {
    ...context.newborn(projectId),
    name: given.name ?? '',
    description: given.description ?? '',
    network_id: given.network_id ?? '',
    fixed_ips: fixed,
    admin_state_up: given.admin_state_up ?? true,
    status: 'DOWN',
    device_id: given.device_id ?? '',
    device_owner: given.device_owner ?? '',
    security_groups: given.security_groups ?? [],
    mac_address: `fa:16:3e:${randomBytes(3).toString('hex').replace(/..\B/g, '$&:')}`,
    ...(host !== undefined && { host }),
  };
  if (host !== undefined && agents.isAlive(host)) agents.plug(port);
  state.ports.set(port.id, port);
  return port;
}

function fixedAddresses({ state }: NeutronContext, { network_id, fixed_ips }: GivenPort): Port['fixed_ips'] {
  const [first] = state.subnetsOf(network_id ?? '');
  if (first === undefined && fixed_ips === undefined && state.networks.has(network_id ?? '')) return [];
  if (first === undefined) throw new ApiFault(404, `Network ${network_id} could not be found.`, 'NetworkNotFound');
  const wanted = fixed_ips ?? [{ subnet_id: first.id }];
  return wanted.map(({ subnet_id, ip_address }) => {
    const subnet = state.subnets.get(subnet_id ?? first.id);
    if (subnet === undefined) {
      throw new ApiFault(404, `Subnet ${subnet_id} could not be found.`, 'SubnetNotFound');
    }
    return {
      subnet_id: subnet.id,
      ip_address: chosenAddress(state, subnet, ip_address ?? undefined),
    };
  });
}

function chosenAddress(state: NeutronState, subnet: Subnet, wanted: string | undefined): string {
  if (wanted !== undefined && !isInSubnet(wanted, subnet.cidr)) {
    throw new ApiFault(400, `IP address ${wanted} is not a valid IP for the specified subnet.`, 'InvalidIpForSubnet');
  }
  if (wanted !== undefined && state.takenAddresses(subnet).has(wanted)) {
    throw new ApiFault(
      409,
      `IP address ${wanted} already allocated in subnet ${subnet.id}`,
      'IpAddressAlreadyAllocated',
    );
  }
  const address = wanted ?? state.freeAddress(subnet);
  if (address !== undefined) return address;
  const message = `No more IP addresses available on network ${subnet.network_id}.`;
  throw new ApiFault(409, message, 'IpAddressGenerationFailure');
}
