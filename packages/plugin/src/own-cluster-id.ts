import { CLUSTER_ID, type Configuration } from '@kuryr-l7/config';
import { ConfigurationError } from './errors.js';

/**
 * For the `check` of a plugin that looks for what its cluster has left in OpenStack, and deletes it: another cluster of the
 * project with the same id would lose all that it has. Every cluster whose kuryr.conf says nothing has the default id.
 *
 * @param reason what needs it, for people
 * @throws ConfigurationError where `[ingress] cluster_id` is the default
 */
export function requireOwnClusterId(configuration: Configuration, reason: string): void {
  if (configuration.get(CLUSTER_ID) !== CLUSTER_ID.default) return;
  throw new ConfigurationError(
    `[ingress] cluster_id has to be set, to another name than the default ${CLUSTER_ID.default}: ${reason}, and what is left of Services, Pods and namespaces that are gone is found by that name and deleted, also what another cluster with the same name has in this OpenStack project. Choose one that no other cluster of the project has, such as the uid of the namespace kube-system, or for a cluster of Magnum its uuid, which Magnum looks for when it deletes the cluster`,
  );
}
