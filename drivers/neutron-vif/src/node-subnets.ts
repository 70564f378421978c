import { type Configuration, ConfigurationError } from '@kuryr-l7/plugin';
import { WORKER_NODES_SUBNETS } from './options.js';

/**
 * Ids of the subnets in which nodes are known by their addresses.
 * @throws ConfigurationError where there is none
 */
export function nodeSubnets(configuration: Configuration): readonly string[] {
  const ids = configuration.get(WORKER_NODES_SUBNETS);
  if (ids.length > 0) return ids;
  throw new ConfigurationError(
    '[pod_vif_nested] worker_nodes_subnets is not set, which pod_vif_driver = nested-vlan needs: give it the ids of the subnets of the nodes ("openstack subnet list")',
  );
}
