import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../api-server/api-error.js';
import type { ClusterContext } from './cluster-context.js';
import { currentAnnotations, hasTemplate, REVISION, revisionOf, surplusRevisions } from './deployment-revisions.js';
import { deploymentStatus } from './deployment-status.js';
import { CONTROLLER_MANAGER, CONTROLLER_MANAGER_STATUS } from './field-manager.js';
import { hasEnded, isTerminating, PODS } from './kinds/pod.js';
import { keyOf, referenceTo } from './kinds/resource.js';
import { DEPLOYMENTS, type Deployment, REPLICA_SETS, type ReplicaSet, replicasOf } from './kinds/workload.js';
import { claim, claimsOn, controllerOf, controllerReference } from './ownership.js';
import { POD_TEMPLATE_HASH, podTemplateHash } from './pod-template-hash.js';
import { fenceposts, nextStep } from './rollout.js';
import { timestamp } from './timestamp.js';

/** Keeps one ReplicaSet for each Pod template that a Deployment has had, and moves the replicas to the newest one step by step. */
export function runDeployments(cluster: ClusterContext): void {
  const { client } = cluster;
  const deployments = cluster.cache(DEPLOYMENTS);
  const replicaSets = cluster.cache(REPLICA_SETS);
  const claims = claimsOn(replicaSets);
  const pods = cluster.cache(PODS);
  const podsByController = claimsOn(pods).owned;
  const queue = cluster.reconciler('deployment-controller', reconcile);

  deployments.subscribe(({ key }) => queue.add(key));
  replicaSets.subscribe(({ object, previous }) => {
    for (const set of [object, previous]) if (set !== undefined) addDeploymentOf(set);
  });
  // One that recreates waits until the last old Pod is gone.
  pods.subscribe(({ object, previous }) => {
    const controller = previous === undefined || object !== undefined ? undefined : controllerOf(previous);
    const set = controller && replicaSets.get(`${previous?.metadata.namespace}/${controller.name}`);
    if (set !== undefined) addDeploymentOf(set);
  });

  function addDeploymentOf(set: ReplicaSet): void {
    const controller = controllerOf(set);
    if (controller?.kind === DEPLOYMENTS.kind) queue.add(`${set.metadata.namespace}/${controller.name}`);
  }

  function reconcile(key: string): void {
    const deployment = deployments.get(key);
    if (deployment === undefined) return;
    if (!isTerminating(deployment)) roll(deployment, ownedBy(deployment));
    writeStatus(deployment, ownedBy(deployment));
  }

  function ownedBy(deployment: Deployment): readonly ReplicaSet[] {
    return claim(client, REPLICA_SETS, claims, DEPLOYMENTS, deployment)
      .filter((set) => !isTerminating(set))
      .toSorted((a, b) => revisionOf(a) - revisionOf(b));
  }

  function roll(deployment: Deployment, sets: readonly ReplicaSet[]): void {
    const known = sets.find((set) => hasTemplate(set, deployment.spec.template));
    const old = sets.filter((set) => set !== known);
    if (known === undefined && deployment.spec.paused !== true) {
      create(deployment, old);
      return;
    }
    const current = known === undefined ? undefined : annotated(deployment, known, old);
    if (current !== undefined) copyRevision(deployment, current);
    scale(deployment, current, old);
    for (const set of surplusRevisions(deployment, old)) client.delete(referenceTo(REPLICA_SETS, set));
  }

  /** Makes the ReplicaSet with no Pods: its arrival brings the next look, which scales it. */
  function create(deployment: Deployment, old: readonly ReplicaSet[]): void {
    const { template, selector, minReadySeconds } = deployment.spec;
    const collisions = deployment.status?.collisionCount ?? 0;
    const hash = podTemplateHash(template, collisions);
    const labels = { ...template.metadata?.labels, [POD_TEMPLATE_HASH]: hash };
    const replicaSet = {
      apiVersion: 'apps/v1',
      kind: REPLICA_SETS.kind,
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        labels,
        annotations: currentAnnotations(deployment, undefined, old),
        ownerReferences: [controllerReference(DEPLOYMENTS, deployment)],
      },
      spec: {
        replicas: 0,
        ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [POD_TEMPLATE_HASH]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    };
    try {
      client.create(REPLICA_SETS, deployment.metadata.namespace ?? '', replicaSet, CONTROLLER_MANAGER);
    } catch (error) {
      if (!(error instanceof ApiError && error.status.reason === 'AlreadyExists')) throw error;
      // Somebody else's ReplicaSet has the name: the next look, with the new count, takes another one.
      const patch = { status: { collisionCount: collisions + 1 } };
      client.patch(referenceTo(DEPLOYMENTS, deployment), 'merge', patch, CONTROLLER_MANAGER_STATUS);
    }
  }

  function copyRevision(deployment: Deployment, current: ReplicaSet): void {
    const revision = current.metadata.annotations?.[REVISION];
    if (revision === undefined || deployment.metadata.annotations?.[REVISION] === revision) return;
    const patch = { metadata: { annotations: { [REVISION]: revision } } };
    client.patch(referenceTo(DEPLOYMENTS, deployment), 'merge', patch, CONTROLLER_MANAGER);
  }

  function annotated(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): ReplicaSet {
    const annotations = currentAnnotations(deployment, current, old);
    const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
    const same =
      isDeepStrictEqual(annotations, { ...current.metadata.annotations }) &&
      minReadySeconds === (current.spec.minReadySeconds ?? 0);
    if (!same) {
      const patch = { metadata: { annotations }, spec: { minReadySeconds } };
      client.patch(referenceTo(REPLICA_SETS, current), 'merge', patch, CONTROLLER_MANAGER);
    }
    return replicaSets.get(keyOf(current)) ?? current;
  }

  function scale(deployment: Deployment, current: ReplicaSet | undefined, old: readonly ReplicaSet[]): void {
    const replicas = replicasOf(deployment);
    const { strategy, paused = false } = deployment.spec;
    const generationOf = (set: ReplicaSet) => ({
      name: set.metadata.name,
      replicas: replicasOf(set),
      available: set.status?.availableReplicas ?? 0,
      pods: podsByController.get(set.metadata.uid ?? '').filter((pod) => !hasEnded(pod)).length,
    });
    const step = nextStep({
      replicas,
      strategy: strategy?.type === 'Recreate' ? 'Recreate' : 'RollingUpdate',
      ...fenceposts(strategy?.rollingUpdate, replicas),
      paused,
      current: current === undefined ? undefined : generationOf(current),
      old: old.map(generationOf),
    });
    for (const set of current === undefined ? old : [...old, current]) {
      const wanted = step.get(set.metadata.name);
      if (wanted === undefined) continue;
      client.patch(referenceTo(REPLICA_SETS, set), 'merge', { spec: { replicas: wanted } }, CONTROLLER_MANAGER);
    }
  }

  function writeStatus(deployment: Deployment, sets: readonly ReplicaSet[]): void {
    const current = sets.find((set) => hasTemplate(set, deployment.spec.template));
    const status = deploymentStatus(deployment, current, sets, timestamp());
    if (isDeepStrictEqual({ ...deployment.status, ...status }, deployment.status)) return;
    client.patch(referenceTo(DEPLOYMENTS, deployment), 'merge', { status }, CONTROLLER_MANAGER_STATUS);
  }
}
