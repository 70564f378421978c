import { CatalogError, type Cloud, OpenStackError } from '@kuryr-l7/openstack';
import { type ClusterIdentity, type Found, KINDS } from './cluster-object.js';
import { floatingIpObjects, securityGroupObjects } from './neutron-objects.js';
import { octaviaObjects } from './octavia-objects.js';
import { networkObjects, portObjects } from './pod-objects.js';
import { secretObjects } from './secret-objects.js';

export interface FoundObjects extends Found {
  /** Sentences about what could not be looked for: it may be there. */
  readonly unread: readonly string[];
  /** Sentences about services that the cloud does not have, and so nothing of the cluster in them. */
  readonly missing: readonly string[];
}

/**
 * Everything of a cluster, in the order in which it can be deleted: of the L7 router, which stays, its policies, pools and
 * certificates; load balancers, floating IPs and security groups of Services; ports of Pods and networks of namespaces.
 * What can't be read is told, and the rest is found.
 *
 * @throws OpenStackError where nothing at all can be read
 */
export async function clusterObjects(
  { octavia, neutron, barbican }: Cloud,
  cluster: ClusterIdentity,
  signal: AbortSignal,
): Promise<FoundObjects> {
  const failures: OpenStackError[] = [];
  const unread: string[] = [];
  const missing: string[] = [];
  const attempt = async <T extends Found>(
    service: string,
    what: string,
    reading: Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof OpenStackError)) throw error;
      failures.push(error);
      if (error instanceof CatalogError) {
        missing.push(`no ${service} in the catalog: ${what} are not looked for (${error.message})`);
      } else unread.push(`${what} could not be looked for: ${error.message}`);
      return undefined;
    }
  };
  const ofOctavia = attempt(
    'Octavia',
    'load balancers, policies, pools and secrets',
    octaviaObjects(octavia, cluster, signal),
  );
  const parts = [
    ofOctavia,
    attempt('Neutron', 'floating IPs', floatingIpObjects(neutron, cluster, signal)),
    attempt('Neutron', 'security groups', securityGroupObjects(neutron, cluster, signal)),
    attempt('Neutron', 'ports of Pods', portObjects(neutron, cluster, signal)),
    attempt('Neutron', 'networks of namespaces', networkObjects(neutron, cluster, signal)),
    // Not without knowing which of them listeners need.
    ofOctavia.then((found) => found && attempt('Barbican', 'secrets', secretObjects(barbican, cluster, found, signal))),
  ];
  const found = (await Promise.all<Found | undefined>(parts)).filter((part) => part !== undefined);
  const [failure] = failures;
  if (found.length === 0 && failure !== undefined) throw failure;
  const objects = found.flatMap((part) => part.objects);
  return {
    objects: KINDS.flatMap((kind) => objects.filter((object) => object.kind === kind)),
    kept: found.flatMap(({ kept }) => kept),
    unread,
    missing,
  };
}
