import { type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.js';
import { AGE, CONTAINERS, type Column, count, IMAGES, NAME, SELECTOR, text, wide } from './column.js';
import { podReadiness, podRestarts, podStatus } from './pod-status.js';

const specified = (object: JsonObject, field: string) => numberAt(objectAt(object, 'spec'), field) ?? 0;
const observed = (object: JsonObject, field: string) => numberAt(objectAt(object, 'status'), field) ?? 0;
const nominated = (pod: JsonObject) => stringAt(objectAt(pod, 'status'), 'nominatedNodeName') || '<none>';

export const POD_COLUMNS: readonly Column[] = [
  NAME,
  text('Ready', 'Containers that are ready, of those there are.', podReadiness),
  text('Status', 'Phase of the Pod, or why it is not running.', podStatus),
  text('Restarts', 'How often containers were started again.', podRestarts),
  AGE,
  wide('IP', 'Address of the Pod.', (pod) => stringAt(objectAt(pod, 'status'), 'podIP') || '<none>'),
  wide('Node', 'Node that runs the Pod.', (pod) => stringAt(objectAt(pod, 'spec'), 'nodeName') || '<none>'),
  wide('Nominated Node', 'Node that will run the Pod once there is room.', nominated),
  wide('Readiness Gates', 'Conditions that hold, of those the Pod waits for.', readinessGates),
];

function readinessGates(pod: JsonObject): string {
  const gates = objectsAt(objectAt(pod, 'spec'), 'readinessGates').map((gate) => stringAt(gate, 'conditionType'));
  if (gates.length === 0) return '<none>';
  const conditions = objectsAt(objectAt(pod, 'status'), 'conditions').filter((each) => each.status === 'True');
  const met = gates.filter((gate) => conditions.some((condition) => condition.type === gate));
  return `${met.length}/${gates.length}`;
}

export const DEPLOYMENT_COLUMNS: readonly Column[] = [
  NAME,
  text('Ready', 'Pods that are ready, of those wanted.', (object) => {
    return `${observed(object, 'readyReplicas')}/${specified(object, 'replicas')}`;
  }),
  count('Up-to-date', 'Pods of the newest template.', (object) => observed(object, 'updatedReplicas')),
  count('Available', 'Pods that have been ready for long enough.', (object) => observed(object, 'availableReplicas')),
  AGE,
  CONTAINERS,
  IMAGES,
  SELECTOR,
];

export const REPLICA_SET_COLUMNS: readonly Column[] = [
  NAME,
  count('Desired', 'Pods that are wanted.', (object) => specified(object, 'replicas')),
  count('Current', 'Pods that are there.', (object) => observed(object, 'replicas')),
  count('Ready', 'Pods that are ready.', (object) => observed(object, 'readyReplicas')),
  AGE,
  CONTAINERS,
  IMAGES,
  SELECTOR,
];
