import { isDeepStrictEqual } from 'node:util';
import type { PodTemplate } from './kinds/pod.js';
import { type Deployment, type ReplicaSet, replicasOf } from './kinds/workload.js';
import { POD_TEMPLATE_HASH } from './pod-template-hash.js';
import { fenceposts } from './rollout.js';

/** Which template a ReplicaSet is, counted from 1: what `kubectl rollout history` shows and `rollout undo --to-revision` names. */
export const REVISION = 'deployment.kubernetes.io/revision';
/** Earlier revisions of a template that came back. */
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const NOT_COPIED = new Set([REVISION, REVISION_HISTORY, DESIRED_REPLICAS, MAX_REPLICAS, LAST_APPLIED]);

/** Whether the ReplicaSet was made from this template. */
export function hasTemplate(replicaSet: ReplicaSet, template: PodTemplate): boolean {
  const { [POD_TEMPLATE_HASH]: _hash, ...labels } = replicaSet.spec.template.metadata?.labels ?? {};
  return (
    isDeepStrictEqual(labels, template.metadata?.labels ?? {}) &&
    isDeepStrictEqual(replicaSet.spec.template.metadata?.annotations ?? {}, template.metadata?.annotations ?? {}) &&
    isDeepStrictEqual(replicaSet.spec.template.spec, template.spec)
  );
}

export function revisionOf(object: Deployment | ReplicaSet): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0) || 0;
}

/** Annotations of the ReplicaSet that is current: the newest revision, and those of the Deployment (a change cause among them). */
export function currentAnnotations(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): Readonly<Record<string, string>> {
  const { maxSurge } = fenceposts(deployment.spec.strategy?.rollingUpdate, replicasOf(deployment));
  const newestOld = Math.max(0, ...old.map(revisionOf));
  const had = current === undefined ? 0 : revisionOf(current);
  const revision = had > newestOld ? had : newestOld + 1;
  const history = current?.metadata.annotations?.[REVISION_HISTORY];
  const returned = had > 0 && had !== revision;
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !NOT_COPIED.has(name));
  return {
    ...current?.metadata.annotations,
    ...Object.fromEntries(own),
    [REVISION]: String(revision),
    ...(returned ? { [REVISION_HISTORY]: history === undefined ? String(had) : `${history},${had}` } : {}),
    [DESIRED_REPLICAS]: String(replicasOf(deployment)),
    [MAX_REPLICAS]: String(replicasOf(deployment) + maxSurge),
  };
}

/** Old ReplicaSets without Pods that the history limit has no room for. */
export function surplusRevisions(deployment: Deployment, old: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const idle = old.filter((set) => replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0);
  return idle.toSorted((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, old.length - limit));
}
