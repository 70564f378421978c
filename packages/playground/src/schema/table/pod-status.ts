import { isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.js';
import { age } from './age.js';

/** The STATUS column of a Pod: the phase, or the reason that says more (printers.go, printPod). */
export function podStatus(pod: JsonObject): string {
  const status = objectAt(pod, 'status');
  const reason = stringAt(status, 'reason') || stringAt(status, 'phase') || 'Unknown';
  const initializing = initReason(pod);
  const shown = initializing ?? containerReason(pod, reason);
  if (objectAt(pod, 'metadata').deletionTimestamp === undefined) return shown;
  return stringAt(status, 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function initReason(pod: JsonObject): string | undefined {
  const states = objectsAt(objectAt(pod, 'status'), 'initContainerStatuses');
  const total = objectsAt(objectAt(pod, 'spec'), 'initContainers').length;
  for (const [index, container] of states.entries()) {
    const { terminated, waiting } = objectAt(container, 'state');
    if (isObject(terminated)) {
      if (numberAt(terminated, 'exitCode') === 0) continue;
      return `Init:${exitReason(terminated)}`;
    }
    const why = isObject(waiting) ? (stringAt(waiting, 'reason') ?? '') : '';
    return why === '' || why === 'PodInitializing' ? `Init:${index}/${total}` : `Init:${why}`;
  }
  return undefined;
}

function containerReason(pod: JsonObject, phase: string): string {
  const states = objectsAt(objectAt(pod, 'status'), 'containerStatuses');
  const reasons = states.flatMap((container) => {
    const { terminated, waiting } = objectAt(container, 'state');
    if (isObject(waiting)) return stringAt(waiting, 'reason') || [];
    return isObject(terminated) ? exitReason(terminated) : [];
  });
  const reason = reasons[0] ?? phase;
  const running = states.some(
    (container) => container.ready === true && isObject(objectAt(container, 'state').running),
  );
  if (reason !== 'Completed' || !running) return reason;
  return isReady(pod) ? 'Running' : 'NotReady';
}

function isReady(pod: JsonObject): boolean {
  const conditions = objectsAt(objectAt(pod, 'status'), 'conditions');
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

function exitReason(terminated: JsonObject): string {
  const signal = numberAt(terminated, 'signal') ?? 0;
  const fallback = signal === 0 ? `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}` : `Signal:${signal}`;
  return stringAt(terminated, 'reason') || fallback;
}

/** `1/2`: containers that are ready, of those there are. */
export function podReadiness(pod: JsonObject): string {
  const total = objectsAt(objectAt(pod, 'spec'), 'containers').length;
  const ready = objectsAt(objectAt(pod, 'status'), 'containerStatuses').filter((container) => container.ready === true);
  return `${ready.length}/${total}`;
}

/** `3 (2m ago)`, or `0`. */
export function podRestarts(pod: JsonObject, now: number): string {
  const states = objectsAt(objectAt(pod, 'status'), 'containerStatuses');
  const restarts = states.reduce((sum, container) => sum + (numberAt(container, 'restartCount') ?? 0), 0);
  const ends = states.flatMap(
    (container) => stringAt(objectAt(objectAt(container, 'lastState'), 'terminated'), 'finishedAt') ?? [],
  );
  const last = ends.sort().at(-1);
  return restarts === 0 || last === undefined ? String(restarts) : `${restarts} (${age(last, now)} ago)`;
}
