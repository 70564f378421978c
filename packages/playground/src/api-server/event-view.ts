import type { ApiObject } from './api-object.js';

/**
 * Events are kept as core `v1` and shown as `events.k8s.io/v1` too. The two differ in names only; conversion loses nothing
 * (k8s.io/kubernetes/pkg/apis/events/v1/conversion.go).
 */
const NEW_NAMES: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};

const OLD_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(NEW_NAMES).map(([old, renamed]) => [renamed, old]),
);

export function eventAsEventsV1(event: ApiObject): ApiObject {
  return { ...rename(event, NEW_NAMES), apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: event.metadata };
}

export function eventAsCoreV1(event: ApiObject): ApiObject {
  return { ...rename(event, OLD_NAMES), apiVersion: 'v1', kind: 'Event', metadata: event.metadata };
}

function rename(object: ApiObject, names: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([field, value]) => [names[field] ?? field, value]));
}
