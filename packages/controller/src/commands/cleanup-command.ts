import { ClusterMarks } from '@kuryr-l7/openstack';
import { SERVICE_FINALIZER } from '@kuryr-l7/plugin';
import type { ClusterObject } from '../cleanup/cluster-object.js';
import { clusterObjects } from '../cleanup/cluster-objects.js';
import { deleteClusterObjects } from '../cleanup/delete-cluster-objects.js';
import type { ControllerConfigurationRequest } from '../configuration/controller-configuration.js';
import { pause } from '../time/pause.js';
import { count } from './count.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';
import { type CloudWork, withCloud } from './with-cloud.js';

/** Nobody does that any more: the controller has stopped, and Kubernetes is not asked, as it may be gone. */
const FREE_SERVICES = `Services that live on have addresses in their status that are gone, and a finalizer by which they can't be deleted. To free one (docs/services.md tells how to free all):
  kubectl patch service -n <namespace> <name> --subresource=status --type=merge -p '{"status":{"loadBalancer":null}}'
  kubectl patch service -n <namespace> <name> -p '{"metadata":{"$deleteFromPrimitiveList/finalizers":["${SERVICE_FINALIZER}"]}}'`;

/**
 * `cleanup`: lists what a cluster that comes to its end has in OpenStack, and deletes it where that is asked for. The L7
 * router stays, and so does everything that is not marked as the cluster's. It may be broken off, and run again.
 */
export async function cleanupCommand(
  request: ControllerConfigurationRequest,
  isWanted: boolean,
  output: Output,
): Promise<number> {
  return withCloud(request, async (work) => {
    try {
      return await cleanUp(work, isWanted, output);
    } catch (error) {
      if (!work.signal.aborted) throw error;
      output.error('Broken off. Run the command again for what is left.');
      return EXIT.differs;
    }
  });
}

async function cleanUp(
  { cloud, clusterId, routerId, signal }: CloudWork,
  isWanted: boolean,
  output: Output,
): Promise<number> {
  const cluster = { marks: new ClusterMarks(clusterId), routerId };
  const { objects, kept, unread, missing } = await clusterObjects(cloud, cluster, signal);
  for (const sentence of kept) output.error(`Stays: ${sentence}.`);
  for (const sentence of missing) output.error(`There is ${sentence}.`);
  for (const sentence of unread) output.error(`Not read: ${sentence}. Run the command again.`);
  const isRead = unread.length === 0;
  const total = count(objects.length, 'object');
  if (objects.length === 0) {
    const nothing = `Nothing${kept.length === 0 ? '' : ' else'}${isRead ? '' : ' that could be read'}`;
    output.out(`${nothing} in ${cloud.origin} is of cluster ${clusterId}.`);
    return isRead ? EXIT.ok : EXIT.differs;
  }
  if (!isWanted) {
    output.out(objects.map(rowOf).join('\n'));
    output.error(
      `${total} of cluster ${clusterId} in ${cloud.origin}. Stop its controller, then delete them with --yes.`,
    );
    return EXIT.differs;
  }
  const left = await deleteClusterObjects(cloud, objects, {
    signal,
    pause: (milliseconds) => pause(milliseconds, signal),
    progress: (object, done) => output.out(`${done}/${objects.length}  ${titleOf(object)} is gone`),
  });
  if (objects.some(({ kind }) => kind === 'load balancer')) output.error(FREE_SERVICES);
  for (const { object, reason } of left) output.error(`Left: ${titleOf(object)}: ${reason}.`);
  if (left.length > 0) output.error(`${left.length} of ${total} left. Run the command again when that is mended.`);
  return isRead && left.length === 0 ? EXIT.ok : EXIT.differs;
}

function titleOf({ kind, name, id }: ClusterObject): string {
  return `${kind} ${name} (${id})`;
}

function rowOf({ kind, name, id, place, takesAlong }: ClusterObject): string {
  const where = place === undefined ? '' : `  on ${place}`;
  const along = takesAlong === undefined ? '' : `  with ${takesAlong}, which others have made`;
  return `${kind.padEnd(14)}  ${id}  ${name}${where}${along}`;
}
