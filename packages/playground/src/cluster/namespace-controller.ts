import type { ResourceDefinition } from '../api-server/resource-definition.js';
import type { ClusterContext } from './cluster-context.js';
import { CONTROLLER_MANAGER } from './field-manager.js';
import { NAMESPACES } from './kinds/namespace.js';
import { isTerminating } from './kinds/pod.js';
import { referenceTo } from './kinds/resource.js';
import type { ObjectGraph } from './object-graph.js';

const FINALIZER = 'kubernetes';
const SERVICE_ACCOUNTS = { group: '', version: 'v1', plural: 'serviceaccounts' };
const DEFAULT_SERVICE_ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };

/** Gives every Namespace its ServiceAccount `default`, and empties one that is deleted before it lets it go. */
export function runNamespaces(
  cluster: ClusterContext,
  graph: ObjectGraph,
  definitions: () => readonly ResourceDefinition[],
): void {
  const { client } = cluster;
  const namespaces = cluster.cache(NAMESPACES);
  const queue = cluster.reconciler('namespace-controller', reconcile);

  namespaces.subscribe(({ key }) => queue.add(key));
  graph.subscribe(({ object, reference }) => {
    const namespace = namespaces.get(reference.namespace);
    const gone = graph.get(object.metadata.uid ?? '') === undefined;
    const account = gone && reference.plural === SERVICE_ACCOUNTS.plural;
    if (namespace !== undefined && (isTerminating(namespace) || account)) queue.add(reference.namespace);
  });

  function reconcile(name: string): void {
    const namespace = namespaces.get(name);
    if (namespace === undefined) return;
    if (!isTerminating(namespace)) {
      createServiceAccount(name);
      return;
    }
    const { finalizers = [] } = namespace.spec ?? {};
    if (empty(name) || !finalizers.includes(FINALIZER)) return;
    const finalized = { ...namespace, spec: { finalizers: finalizers.filter((finalizer) => finalizer !== FINALIZER) } };
    client.update(referenceTo(NAMESPACES, namespace), finalized, { ...CONTROLLER_MANAGER, subresource: 'finalize' });
  }

  /** Whether anything is left: Pods that end, objects with finalizers. Their going brings the next look. */
  function empty(namespace: string): boolean {
    let left = false;
    for (const definition of definitions().filter((one) => one.namespaced)) {
      for (const object of client.list(definition, { namespace }).items) {
        if (!isTerminating(object)) client.delete(referenceTo(definition, object), { propagationPolicy: 'Background' });
      }
      left ||= client.list(definition, { namespace, limit: 1 }).items.length > 0;
    }
    return left;
  }

  function createServiceAccount(namespace: string): void {
    const { items } = client.list(SERVICE_ACCOUNTS, { namespace, fieldSelector: 'metadata.name=default' });
    if (items.length === 0) client.create(SERVICE_ACCOUNTS, namespace, DEFAULT_SERVICE_ACCOUNT, CONTROLLER_MANAGER);
  }
}
