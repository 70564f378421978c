import { createHash } from 'node:crypto';
import type { Pod, PodCondition, PodStatus } from '../cluster/kinds/pod.js';

/** The conditions that the node decides. Others on the Pod are somebody else's, e.g. for its readiness gates. */
const OWN_CONDITIONS = [
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
] as const;

/** The status of a Pod whose ports are open: running since it was first seen so, and ready when its readiness gates are. `now` is RFC 3339. */
export function runningStatus(
  pod: Pod,
  podIP: string,
  hostIP: string,
  now: string,
): PodStatus & Record<string, unknown> {
  const before = pod.status?.conditions ?? [];
  const gatesOpen = (pod.spec.readinessGates ?? []).every(({ conditionType }) =>
    before.some((condition) => condition.type === conditionType && condition.status === 'True'),
  );
  const startTime = pod.status?.startTime ?? now;
  return {
    phase: 'Running',
    conditions: [
      ...OWN_CONDITIONS.map((type) => condition(before, type, type !== 'Ready' || gatesOpen, now)),
      ...before.filter(({ type }) => !OWN_CONDITIONS.some((own) => own === type)),
    ],
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime,
    containerStatuses: pod.spec.containers.map(({ name, image = '' }) => ({
      name,
      image,
      imageID: '',
      containerID: `playground://${createHash('sha256').update(`${pod.metadata.uid}/${name}`).digest('hex')}`,
      ready: true,
      started: true,
      restartCount: 0,
      lastState: {},
      state: { running: { startedAt: startTime } },
    })),
  };
}

function condition(before: readonly PodCondition[], type: string, holds: boolean, now: string): PodCondition {
  const status = holds ? 'True' : 'False';
  const same = before.find((one) => one.type === type && one.status === status);
  return same ?? { type, status, lastTransitionTime: now };
}
