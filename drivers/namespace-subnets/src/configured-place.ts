import type { Option } from '@kuryr-l7/config';
import { type Configuration, ConfigurationError } from '@kuryr-l7/plugin';
import { POD_ROUTER, POD_SUBNET_POOL } from './options.js';

/** What subnets of namespaces are taken from, and what joins them; by their ids. */
export interface ConfiguredPlace {
  readonly pool: string;
  readonly router: string;
}

/** @throws ConfigurationError naming the option that is not set */
export function configuredPlace(configuration: Configuration): ConfiguredPlace {
  return {
    pool: required(configuration, POD_SUBNET_POOL, '"openstack subnet pool list"'),
    router: required(configuration, POD_ROUTER, '"openstack router list"'),
  };
}

function required(configuration: Configuration, option: Option<string | undefined>, command: string): string {
  const value = configuration.get(option);
  if (value !== undefined) return value;
  throw new ConfigurationError(
    `[${option.group}] ${option.name} is not set, which pod_subnets_driver = namespace needs: see ${command}`,
  );
}
