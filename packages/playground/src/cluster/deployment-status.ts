import type { DeploymentCondition, DeploymentStatus, ReplicaSet } from './kinds/workload.js';
import { type Deployment, replicasOf } from './kinds/workload.js';
import { fenceposts } from './rollout.js';

type Finding = Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>;

/**
 * What `kubectl rollout status` reads. The deadline for progress is not kept: on the playground every Pod that starts becomes ready.
 * `now` is RFC 3339.
 */
export function deploymentStatus(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  now: string,
): DeploymentStatus {
  const count = (field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
    all.reduce((total, set) => total + (set.status?.[field] ?? 0), 0);
  const availableReplicas = count('availableReplicas');
  const counts = {
    replicas: count('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: count('readyReplicas'),
    availableReplicas,
    unavailableReplicas: Math.max(0, all.reduce((total, set) => total + replicasOf(set), 0) - availableReplicas),
  };
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...counts,
    conditions: [availability(deployment, availableReplicas), progress(deployment, current, counts)].map((finding) =>
      dated(finding, deployment.status?.conditions ?? [], now),
    ),
  };
}

function availability(deployment: Deployment, available: number): Finding {
  const replicas = replicasOf(deployment);
  const { maxUnavailable } =
    deployment.spec.strategy?.type === 'Recreate'
      ? { maxUnavailable: 0 }
      : fenceposts(deployment.spec.strategy?.rollingUpdate, replicas);
  return available >= replicas - maxUnavailable
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function progress(deployment: Deployment, current: ReplicaSet | undefined, counts: DeploymentStatus): Finding {
  const replicas = replicasOf(deployment);
  const name = current?.metadata.name;
  const complete =
    counts.updatedReplicas === replicas && counts.replicas === replicas && counts.availableReplicas === replicas;
  if (current !== undefined && complete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  if (deployment.spec.paused === true) {
    return { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  }
  const message = current === undefined ? 'Deployment is progressing.' : `ReplicaSet "${name}" is progressing.`;
  return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message };
}

function dated(finding: Finding, conditions: readonly DeploymentCondition[], now: string): DeploymentCondition {
  const before = conditions.find((condition) => condition.type === finding.type);
  const same = before?.status === finding.status;
  return {
    ...finding,
    lastUpdateTime:
      same && before.reason === finding.reason && before.message === finding.message ? before.lastUpdateTime : now,
    lastTransitionTime: same ? before.lastTransitionTime : now,
  };
}
