import { type ClusterObject, clusterObjects } from '../cleanup/cluster-objects.js';
import { deleteClusterObjects } from '../cleanup/delete-cluster-objects.js';
import type { ControllerConfigurationRequest } from '../configuration/controller-configuration.js';
import { pause } from '../time/pause.js';
import { count } from './count.js';
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
    const { objects, kept, routers } = await clusterObjects(cloud, clusterId, routerId, signal);
    for (const sentence of kept) output.error(`Stays: ${sentence}.`);
    const others = [...routers].filter(([id]) => id !== routerId).map(([, title]) => title);
    if (others.length > 0) output.error(warningOf(others, routerId, clusterId));
    if (objects.length === 0) {
      output.out(`Nothing in ${cloud.origin} is of cluster ${clusterId}.`);
      return EXIT.ok;
    }
    if (!isWanted) {
      output.out(objects.map(rowOf).join('\n'));
      const on = routers.size === 0 ? '' : `, policies and pools on ${list([...routers.values()])}`;
      output.error(
        `${count(objects.length, 'object')} of cluster ${clusterId} in ${cloud.origin}${on}. Stop its controller, then delete them with --yes.`,
      );
      return EXIT.differs;
    }
    let staying = 0;
    await deleteClusterObjects(cloud, objects, {
      signal,
      pause: (milliseconds) => pause(milliseconds, signal),
      progress: ({ kind, name, id }, done) => output.out(`${done}/${objects.length}  ${kind} ${name} (${id}) is gone`),
      stays: ({ kind, name, id }, reason) => {
        staying += 1;
        output.error(`Stays: ${kind} ${name} (${id}): ${reason}. Run the command again when that is mended.`);
      },
    });
    return staying === 0 ? EXIT.ok : EXIT.differs;
  });
}

function rowOf({ kind, name, id, place }: ClusterObject): string {
  return `${kind.padEnd(14)}  ${id}  ${name}${place === undefined ? '' : `  on ${place}`}`;
}

/** Another controller may have made them: clusters that share a project need different ids. */
function warningOf(others: readonly string[], routerId: string | undefined, clusterId: string): string {
  const ours = routerId === undefined ? 'which is not set' : `which is ${routerId}`;
  return `warning: there are policies or pools on ${list(others)} and not on the load balancer of [ingress] l7_router_uuid, ${ours}. If another cluster of this project has cluster_id = ${clusterId} too, they are its, and are deleted with the others.`;
}

function list(titles: readonly string[]): string {
  return `${titles.length === 1 ? 'load balancer' : 'load balancers'} ${titles.join(', ')}`;
}
