import { clusterObjects } from '../cleanup/cluster-objects.js';
import { deleteClusterObjects } from '../cleanup/delete-cluster-objects.js';
import type { ControllerConfigurationRequest } from '../configuration/controller-configuration.js';
import { pause } from '../time/pause.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';
import { withCloud } from './with-cloud.js';

/**
 * `cleanup`: lists what a cluster that comes to its end has in OpenStack, and deletes it where that is asked for. The L7
 * router stays, and so does everything without the tag of the cluster.
 */
export async function cleanupCommand(
  request: ControllerConfigurationRequest,
  isWanted: boolean,
  output: Output,
): Promise<number> {
  return withCloud(request, async ({ cloud, clusterId, routerId, signal }) => {
    const { objects, kept } = await clusterObjects(cloud, clusterId, routerId, signal);
    for (const sentence of kept) output.error(`Stays: ${sentence}.`);
    if (objects.length === 0) {
      output.out(`Nothing in ${cloud.origin} is of cluster ${clusterId}.`);
      return EXIT.ok;
    }
    if (!isWanted) {
      output.out(objects.map(({ kind, name, id }) => `${kind.padEnd(14)}  ${id}  ${name}`).join('\n'));
      output.error(
        `${objects.length} objects of cluster ${clusterId} in ${cloud.origin}. Stop its controller, then delete them with --yes.`,
      );
      return EXIT.differs;
    }
    await deleteClusterObjects(cloud, objects, {
      signal,
      pause: (milliseconds) => pause(milliseconds, signal),
      progress: ({ kind, name, id }, done) => output.out(`${done}/${objects.length}  ${kind} ${name} (${id}) is gone`),
    });
    return EXIT.ok;
  });
}
