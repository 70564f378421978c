import type { PortCreate } from '@kuryr-l7/openstack';
import { ConfigurationError, type VifPlace } from '@kuryr-l7/plugin';

/** What every port of a Pod is made with. @throws ConfigurationError where its subnets are not all of one network */
export function portRequest({ projectId, subnets, securityGroups }: VifPlace): PortCreate {
  const [networkId = '', ...others] = new Set(subnets.map(({ network_id }) => network_id));
  if (others.length > 0 || networkId === '') {
    const ids = subnets.map(({ id }) => id).join(', ') || 'none';
    throw new ConfigurationError(`a port needs subnets of one network, and these are not: ${ids}`);
  }
  return {
    project_id: projectId,
    network_id: networkId,
    fixed_ips: subnets.map(({ id }) => ({ subnet_id: id })),
    admin_state_up: true,
    ...(securityGroups.length > 0 && { security_groups: securityGroups }),
  };
}
