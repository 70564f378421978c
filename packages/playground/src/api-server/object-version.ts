import type { ApiObject } from './api-object.js';
import { eventAsCoreV1, eventAsEventsV1 } from './event-view.js';
import { groupVersionOf, type ResourceDefinition } from './resource-definition.js';

const views = new WeakMap<ApiObject, Map<string, ApiObject>>();

/** The stored object as this version of the API shows it. One object is converted once, however many watch it. */
export function viewOf(definition: ResourceDefinition, stored: ApiObject): ApiObject {
  const apiVersion = groupVersionOf(definition);
  if (stored.apiVersion === apiVersion) return stored;
  let byVersion = views.get(stored);
  if (byVersion === undefined) {
    byVersion = new Map();
    views.set(stored, byVersion);
  }
  let view = byVersion.get(apiVersion);
  if (view === undefined) {
    view = Object.freeze(
      apiVersion === 'events.k8s.io/v1'
        ? eventAsEventsV1(stored)
        : { ...stored, apiVersion, metadata: stored.metadata },
    );
    byVersion.set(apiVersion, view);
  }
  return view;
}

/** The object as it is kept. Custom resources are kept in the version in which they were written. */
export function storedForm(definition: ResourceDefinition, object: ApiObject): ApiObject {
  return definition.group === 'events.k8s.io' ? eventAsCoreV1(object) : object;
}
