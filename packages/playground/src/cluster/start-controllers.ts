import type { ResourceDefinition } from '../api-server/index.js';
import type { ClusterContext } from './cluster-context.js';
import { runDeployments } from './deployment-controller.js';
import { runEndpointSlices } from './endpoint-slice-controller.js';
import { runEndpointSliceMirroring } from './endpoint-slice-mirroring-controller.js';
import { runEndpoints } from './endpoints-controller.js';
import { runGarbageCollector } from './garbage-collector.js';
import { runNamespaces } from './namespace-controller.js';
import { ObjectGraph } from './object-graph.js';
import type { PodPorts } from './pod-ports.js';
import { runReplicaSets } from './replica-set-controller.js';
import type { ServiceMembership } from './service-membership.js';

export interface ControllersOptions {
  readonly cluster: ClusterContext;
  readonly membership: ServiceMembership;
  readonly podPorts: PodPorts;
  /** The kinds served now, custom resources included. */
  readonly definitions: () => readonly ResourceDefinition[];
}

/** Starts what kube-controller-manager does, as far as a try-out of Services and Ingresses needs it. They end with the cluster context. */
export function startControllers({ cluster, membership, podPorts, definitions }: ControllersOptions): void {
  const graph = new ObjectGraph(cluster, definitions);
  runDeployments(cluster);
  runReplicaSets(cluster);
  runEndpointSlices(cluster, membership, podPorts);
  runEndpoints(cluster, membership, podPorts);
  runEndpointSliceMirroring(cluster);
  runGarbageCollector(cluster, graph);
  runNamespaces(cluster, graph, definitions);
}
