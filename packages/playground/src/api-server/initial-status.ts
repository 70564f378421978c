import type { ApiObject } from './api-object.js';
import type { ResourceDefinition, StorageName } from './resource-definition.js';

const INITIAL: Readonly<Record<StorageName, Readonly<Record<string, unknown>>>> = {
  namespaces: { phase: 'Active' },
  pods: { phase: 'Pending' },
  services: { loadBalancer: {} },
  persistentvolumeclaims: { phase: 'Pending' },
  persistentvolumes: { phase: 'Pending' },
  replicationcontrollers: { replicas: 0 },
  'replicasets.apps': { replicas: 0 },
  'statefulsets.apps': { replicas: 0, availableReplicas: 0 },
  'daemonsets.apps': { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  'ingresses.networking.k8s.io': { loadBalancer: {} },
};

/** A new object begins with the status of its kind, whatever was sent; only a Node comes with one (the kubelet registers it so). */
export function withInitialStatus(definition: ResourceDefinition, object: ApiObject): ApiObject {
  if (!definition.subresources.includes('status') || definition.storage === 'nodes') return object;
  const { status: _sent, ...rest } = object;
  if (definition.custom !== undefined)
    return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
  return { ...object, status: structuredClone(INITIAL[definition.storage] ?? {}) };
}
