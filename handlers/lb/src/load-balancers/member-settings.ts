import { POD_SUBNET, POD_SUBNETS_DRIVER } from '@kuryr-l7/config';
import { type Configuration, ConfigurationError } from '@kuryr-l7/plugin';
import { MANAGE_SECURITY_GROUPS, MEMBER_MODE } from '../options.js';

/**
 * That what kuryr.conf says of members fits together.
 * @throws ConfigurationError where something of it would silently have no effect
 */
export function requireMemberSettings(configuration: Configuration): void {
  const mode = configuration.get(MEMBER_MODE);
  if (mode !== 'nodeport' && configuration.get(MANAGE_SECURITY_GROUPS)) {
    throw new ConfigurationError(
      `[octavia_defaults] manage_security_groups is for ports of nodes, and members are addresses of Pods (member_mode = ${mode}): set member_mode = nodeport, or manage_security_groups = False`,
    );
  }
  if (mode !== 'L2') return;
  if (configuration.get(POD_SUBNET) === undefined) {
    throw new ConfigurationError(
      '[octavia_defaults] member_mode = L2 needs [neutron_defaults] pod_subnet, in which load balancers get a leg: set it, or member_mode = L3',
    );
  }
  // Of a driver by somebody else nobody knows here.
  if (configuration.get(POD_SUBNETS_DRIVER) === 'namespace') {
    throw new ConfigurationError(
      '[octavia_defaults] member_mode = L2 has all members in [neutron_defaults] pod_subnet, and with [kubernetes] pod_subnets_driver = namespace Pods are in other subnets, too: set member_mode = L3',
    );
  }
}
