import type { BarbicanClient } from '@kuryr-l7/openstack';
import type { ClusterIdentity, Found } from './cluster-object.js';
import type { OctaviaObjects } from './octavia-objects.js';

/** Certificates of the L7 router, known by their names: Barbican has no tags. */
export async function secretObjects(
  barbican: BarbicanClient,
  { marks, routerId }: ClusterIdentity,
  { secretsInUse }: OctaviaObjects,
  signal: AbortSignal,
): Promise<Found> {
  const all = await barbican.secrets.list({}, { signal });
  const ofCluster = all.filter(({ name }) => marks.routerOfCertificate(name) !== undefined);
  const ours = ofCluster.filter(({ name }) => marks.routerOfCertificate(name) === routerId);
  const isInUse = ({ id }: { readonly id: string }) => secretsInUse.has(id);
  return {
    objects: ours
      .filter((secret) => !isInUse(secret))
      .map(({ secret_ref: id, name }) => ({ kind: 'secret', id, name })),
    kept: [
      ...ours
        .filter(isInUse)
        .map(
          ({ name }) => `secret ${name} is used by a listener that stays: without it the load balancer would freeze`,
        ),
      ...ofCluster
        .filter((secret) => !ours.includes(secret))
        .map(
          ({ name }) =>
            `secret ${name} is of a router that is not [ingress] l7_router_uuid of kuryr.conf: another cluster with cluster_id = ${marks.clusterId} may need it. If it is this cluster's, run the command with that router as OS_INGRESS__L7_ROUTER_UUID`,
        ),
    ],
  };
}
