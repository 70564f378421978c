import { isDeepStrictEqual } from 'node:util';
import type { ClusterContext } from './cluster-context.js';
import { CONTROLLER_MANAGER, CONTROLLER_MANAGER_STATUS } from './field-manager.js';
import { hasLabels, matchesSelector } from './kinds/label-selector.js';
import { conditionOf, hasEnded, isReady, isTerminating, PODS, type Pod } from './kinds/pod.js';
import { keyOf, referenceTo } from './kinds/resource.js';
import { REPLICA_SETS, type ReplicaSet, type ReplicaSetStatus, replicasOf } from './kinds/workload.js';
import { claim, claimsOn, controllerOf, controllerReference } from './ownership.js';

/** So many Pods are made or deleted before others get their turn. */
const BURST = 50;
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/** Keeps as many Pods as a ReplicaSet asks for, and counts them in its status. */
export function runReplicaSets(cluster: ClusterContext): void {
  const { client } = cluster;
  const replicaSets = cluster.cache(REPLICA_SETS);
  const pods = cluster.cache(PODS);
  const replicaSetsByNamespace = replicaSets.indexBy((set) => [set.metadata.namespace ?? '']);
  const claims = claimsOn(pods);
  const queue = cluster.reconciler('replicaset-controller', reconcile);

  replicaSets.subscribe(({ key }) => queue.add(key));
  pods.subscribe(({ object, previous }) => {
    for (const pod of [object, previous]) {
      const controller = pod === undefined ? undefined : controllerOf(pod);
      if (controller?.kind === REPLICA_SETS.kind) queue.add(`${pod?.metadata.namespace}/${controller.name}`);
    }
    if (object !== undefined && controllerOf(object) === undefined) {
      for (const set of replicaSetsByNamespace.get(object.metadata.namespace ?? '')) {
        if (matchesSelector(set.spec.selector, object.metadata.labels)) queue.add(keyOf(set));
      }
    }
  });

  function reconcile(key: string): void {
    const replicaSet = replicaSets.get(key);
    if (replicaSet === undefined) return;
    const active = () =>
      claim(client, PODS, claims, REPLICA_SETS, replicaSet).filter((pod) => !isTerminating(pod) && !hasEnded(pod));
    if (!isTerminating(replicaSet)) scale(replicaSet, active());
    writeStatus(replicaSet, active());
  }

  function scale(replicaSet: ReplicaSet, active: readonly Pod[]): void {
    const missing = replicasOf(replicaSet) - active.length;
    for (let count = 0; count < Math.min(missing, BURST); count += 1) {
      client.create(PODS, replicaSet.metadata.namespace ?? '', podOf(replicaSet), CONTROLLER_MANAGER);
    }
    const surplus = missing < 0 ? active.toSorted(leastWorthFirst).slice(0, Math.min(-missing, BURST)) : [];
    for (const pod of surplus) client.delete(referenceTo(PODS, pod), { propagationPolicy: 'Background' });
    if (Math.abs(missing) > BURST) queue.add(keyOf(replicaSet));
  }

  function writeStatus(replicaSet: ReplicaSet, active: readonly Pod[]): void {
    const waits = active.filter(isReady).map((pod) => untilAvailable(pod, replicaSet.spec.minReadySeconds ?? 0));
    const status: ReplicaSetStatus = {
      replicas: active.length,
      fullyLabeledReplicas: active.filter((pod) =>
        hasLabels(pod.metadata.labels, replicaSet.spec.template.metadata?.labels ?? {}),
      ).length,
      readyReplicas: waits.length,
      availableReplicas: waits.filter((wait) => wait === 0).length,
      observedGeneration: replicaSet.metadata.generation ?? 0,
    };
    if (!isDeepStrictEqual({ ...replicaSet.status, ...status }, replicaSet.status)) {
      client.patch(referenceTo(REPLICA_SETS, replicaSet), 'merge', { status }, CONTROLLER_MANAGER_STATUS);
    }
    const waiting = waits.filter((wait) => wait > 0);
    if (waiting.length > 0) queue.addAfter(keyOf(replicaSet), Math.min(...waiting));
  }
}

function podOf(replicaSet: ReplicaSet): unknown {
  const { metadata, spec } = replicaSet.spec.template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${replicaSet.metadata.name}-`,
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata?.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(REPLICA_SETS, replicaSet)],
    },
    spec,
  };
}

/** Milliseconds until a ready Pod has been so for `minReadySeconds`. */
function untilAvailable(pod: Pod, minReadySeconds: number): number {
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '');
  return Number.isNaN(since) ? 0 : Math.max(0, since + minReadySeconds * 1000 - Date.now());
}

/** The order in which a cluster gives Pods up: not bound to a node, not ready, cheap to delete, young. */
function leastWorthFirst(a: Pod, b: Pod): number {
  return (
    Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    deletionCost(a) - deletionCost(b) ||
    (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '') ||
    a.metadata.name.localeCompare(b.metadata.name)
  );
}

function deletionCost(pod: Pod): number {
  return Number(pod.metadata.annotations?.[DELETION_COST] ?? 0) || 0;
}
