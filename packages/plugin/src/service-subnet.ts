import { type Configuration, SERVICE_SUBNET, SERVICE_SUBNETS_DRIVER } from '@kuryr-l7/config';
import { ConfigurationError } from './errors.js';

/**
 * For the `check` of a handler that can do nothing for a Service before it knows the subnet of Services. Its options have
 * {@link SERVICE_SUBNET} among them.
 *
 * @param reason what needs it, for people
 * @throws ConfigurationError where the default driver has none to tell; other drivers look after what they need themselves
 */
export function requireServiceSubnet(configuration: Configuration, reason: string): void {
  if (configuration.get(SERVICE_SUBNETS_DRIVER) !== 'default' || configuration.get(SERVICE_SUBNET) !== undefined)
    return;
  throw new ConfigurationError(
    `[neutron_defaults] service_subnet is not set: give it the id of a subnet ("openstack subnet list"), as ${reason}`,
  );
}
