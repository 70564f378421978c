import { type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.js';
import { age } from './age.js';
import { AGE, type Column, count, NAME, text, wide } from './column.js';

const size = (object: JsonObject, field: string) => Object.keys(objectAt(object, field)).length;
const info = (node: JsonObject, field: string) =>
  stringAt(objectAt(objectAt(node, 'status'), 'nodeInfo'), field) || '<unknown>';

export const NAMESPACE_COLUMNS: readonly Column[] = [
  NAME,
  text('Status', 'Active, or Terminating while it is emptied.', (object) => {
    return stringAt(objectAt(object, 'status'), 'phase') ?? '';
  }),
  AGE,
];

export const NODE_COLUMNS: readonly Column[] = [
  NAME,
  text('Status', 'Whether the node is ready, and open for new Pods.', nodeStatus),
  text('Roles', 'Roles that labels give to the node.', nodeRoles),
  AGE,
  text('Version', 'Version of what runs the Pods.', (node) => info(node, 'kubeletVersion')),
  wide('Internal-IP', 'Address within the cluster.', (node) => nodeAddress(node, 'InternalIP')),
  wide('External-IP', 'Address from outside the cluster.', (node) => nodeAddress(node, 'ExternalIP')),
  wide('OS-Image', 'Operating system.', (node) => info(node, 'osImage')),
  wide('Kernel-Version', 'Version of the kernel.', (node) => info(node, 'kernelVersion')),
  wide('Container-Runtime', 'What runs the containers.', (node) => info(node, 'containerRuntimeVersion')),
];

function nodeStatus(node: JsonObject): string {
  const ready = objectsAt(objectAt(node, 'status'), 'conditions').find((condition) => condition.type === 'Ready');
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return objectAt(node, 'spec').unschedulable === true ? `${status},SchedulingDisabled` : status;
}

function nodeRoles(node: JsonObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(objectAt(objectAt(node, 'metadata'), 'labels')).flatMap(([key, value]) => {
    if (key.startsWith(prefix)) return key.slice(prefix.length) || [];
    return key === 'kubernetes.io/role' && typeof value === 'string' && value !== '' ? value : [];
  });
  return roles.length === 0 ? '<none>' : roles.sort().join(',');
}

function nodeAddress(node: JsonObject, type: string): string {
  const found = objectsAt(objectAt(node, 'status'), 'addresses').find((address) => address.type === type);
  return stringAt(found, 'address') ?? '<none>';
}

export const SECRET_COLUMNS: readonly Column[] = [
  NAME,
  text('Type', 'What the Secret is for.', (secret) => stringAt(secret, 'type') ?? ''),
  count('Data', 'How many values it has.', (secret) => size(secret, 'data')),
  AGE,
];

export const CONFIG_MAP_COLUMNS: readonly Column[] = [
  NAME,
  count('Data', 'How many values it has.', (object) => size(object, 'data') + size(object, 'binaryData')),
  AGE,
];

export const SERVICE_ACCOUNT_COLUMNS: readonly Column[] = [
  NAME,
  count('Secrets', 'How many Secrets Pods of this account may use.', (object) => objectsAt(object, 'secrets').length),
  AGE,
];

export const LEASE_COLUMNS: readonly Column[] = [
  NAME,
  text('Holder', 'Who holds the Lease.', (lease) => stringAt(objectAt(lease, 'spec'), 'holderIdentity') ?? ''),
  AGE,
];

export const CUSTOM_RESOURCE_DEFINITION_COLUMNS: readonly Column[] = [
  NAME,
  {
    ...text('Created At', 'When it was created.', (object) => {
      return stringAt(objectAt(object, 'metadata'), 'creationTimestamp') ?? '<unknown>';
    }),
    type: 'date',
  },
];

/** Events in either version: the names of their fields differ. */
export const EVENT_COLUMNS: readonly Column[] = [
  text('Last Seen', 'Time since it last happened.', (event, now) => age(lastSeen(event), now)),
  text('Type', 'Normal or Warning.', (event) => stringAt(event, 'type') ?? ''),
  text('Reason', 'What happened, as one word.', (event) => stringAt(event, 'reason') ?? ''),
  text('Object', 'The object it happened to.', eventObject),
  wide('Subobject', 'The part of the object.', (event) => stringAt(involved(event), 'fieldPath') ?? ''),
  wide('Source', 'Who reported it.', eventSource),
  text('Message', 'What happened, for people.', (event) => {
    return (stringAt(event, 'message') ?? stringAt(event, 'note') ?? '').trim();
  }),
  wide('First Seen', 'Time since it first happened.', (event, now) => age(firstSeen(event), now)),
  wide('Count', 'How often it happened.', (event) => String(eventCount(event))),
  { ...NAME, priority: 1 },
];

function involved(event: JsonObject): JsonObject {
  return objectAt(event, event.involvedObject === undefined ? 'regarding' : 'involvedObject');
}

function eventObject(event: JsonObject): string {
  const object = involved(event);
  const name = stringAt(object, 'name') ?? '';
  const kind = (stringAt(object, 'kind') ?? '').toLowerCase();
  return name === '' ? kind : `${kind}/${name}`;
}

function eventSource(event: JsonObject): string {
  const source = objectAt(event, event.source === undefined ? 'deprecatedSource' : 'source');
  const component = stringAt(source, 'component') || stringAt(event, 'reportingComponent');
  const host = stringAt(source, 'host') || stringAt(event, 'reportingInstance');
  const controller = component || stringAt(event, 'reportingController') || '';
  return host ? `${controller}, ${host}` : controller;
}

function firstSeen(event: JsonObject): string | undefined {
  return (
    stringAt(event, 'firstTimestamp') ?? stringAt(event, 'deprecatedFirstTimestamp') ?? stringAt(event, 'eventTime')
  );
}

function lastSeen(event: JsonObject): string | undefined {
  const series = stringAt(objectAt(event, 'series'), 'lastObservedTime');
  return series ?? stringAt(event, 'lastTimestamp') ?? stringAt(event, 'deprecatedLastTimestamp') ?? firstSeen(event);
}

function eventCount(event: JsonObject): number {
  const series = numberAt(objectAt(event, 'series'), 'count');
  return series ?? numberAt(event, 'count') ?? numberAt(event, 'deprecatedCount') ?? 1;
}
