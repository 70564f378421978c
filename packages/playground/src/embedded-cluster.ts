import { type AdmissionHook, type ApiObject, type ApiServer, startApiServer } from './api-server/index.js';
import { ClusterContext } from './cluster/cluster-context.js';
import type { Resource } from './cluster/kinds/resource.js';
import { createKubernetesService } from './cluster/kubernetes-service.js';
import { SERVICE_NETWORK, ServiceAddresses } from './cluster/service-addresses.js';
import { ServiceMembership } from './cluster/service-membership.js';
import { withServiceUpdates } from './cluster/service-update.js';
import { startControllers } from './cluster/start-controllers.js';
import { withStoredOnlyWarnings } from './cluster/stored-only.js';
import { LoopbackAddresses } from './node/loopback-addresses.js';
import { NodeAgent } from './node/node-agent.js';
import { bindToNode, createNode } from './node/playground-node.js';
import { podLogFrom } from './node/pod-log.js';
import { createSchemaProvider, defaultIngressClassHook } from './schema/index.js';

export interface EmbeddedClusterOptions {
  /** Port of the API on 127.0.0.1. Default 0: a free one. */
  readonly apiPort?: number;
  /** Told of what a controller or the node could not do; it is tried again. For people, without a line end. */
  readonly onProblem?: (message: string) => void;
  /** Puts all Pods at 127.0.0.1, as where there is no other loopback address. Default false. */
  readonly sharedAddress?: boolean;
  /** First two bytes of the addresses of Services, whose network has 16 bits. Default 10.96. */
  readonly serviceNetwork?: string;
}

/** An API server with the controllers and the node that make its objects do something. */
export interface EmbeddedCluster {
  readonly api: ApiServer;
  close(): Promise<void>;
}

const INGRESS_CLASSES: Resource<ApiObject> = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'ingressclasses',
  kind: 'IngressClass',
};

/** Starts a cluster with nothing in it but its namespaces, its node and the Service `kubernetes`. Rejects when the port is taken. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const { onProblem = () => {}, serviceNetwork = SERVICE_NETWORK } = options;
  // The hooks need caches of the server that they are given to; what is written before these exist needs no hook.
  const late: { hooks: readonly AdmissionHook[]; node: NodeAgent | undefined } = { hooks: [], node: undefined };
  const api = await startApiServer({
    port: options.apiPort ?? 0,
    schema: withStoredOnlyWarnings(withServiceUpdates(createSchemaProvider())),
    admissionHooks: [
      (definition, object, old) => late.hooks.reduce((admitted, hook) => hook(definition, admitted, old), object),
    ],
    podLog: podLogFrom((namespace, name) => late.node?.logOf(namespace, name)),
  });
  const addresses = options.sharedAddress ? LoopbackAddresses.shared() : await LoopbackAddresses.claim();
  const cluster = new ClusterContext(api.client, onProblem);
  const classes = cluster.cache(INGRESS_CLASSES);
  late.hooks = [
    bindToNode,
    new ServiceAddresses(cluster, serviceNetwork).hook,
    defaultIngressClassHook(() => classes.values()),
  ];
  const membership = new ServiceMembership(cluster);
  const node = new NodeAgent(cluster, membership, addresses, onProblem);
  late.node = node;
  createNode(api.client, addresses.nodeAddress);
  startControllers({ cluster, membership, podPorts: node, definitions: () => api.definitions() });
  createKubernetesService(api.client, api.port, serviceNetwork);
  return {
    api,
    async close() {
      cluster.close();
      await Promise.all([node.close(), addresses.close(), api.close()]);
    },
  };
}
