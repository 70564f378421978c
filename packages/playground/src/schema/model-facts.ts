import type { ListPatch } from './schema.js';

/** What a list's elements are known by. */
export interface ListFacts {
  readonly listType: 'atomic' | 'set' | 'map';
  readonly keys?: readonly string[];
  readonly keyDefaults?: Readonly<Record<string, string>>;
  readonly patch?: ListPatch;
}

/**
 * List semantics that client-node's models do not carry, by model and field. Source: the `+listType`, `+listMapKey`,
 * `patchStrategy` and `patchMergeKey` marks of kubernetes/api and kubernetes/apimachinery (1.34). The two kinds of mark
 * differ in places (a strategic merge patch knows a Service port by `port` alone), so both are listed. A list that is not
 * here is atomic and replaced by patches.
 */
export const LIST_FACTS: Readonly<Record<string, Readonly<Record<string, ListFacts>>>> = {
  V1ObjectMeta: { finalizers: mergedSet(), ownerReferences: mergedBy('uid') },
  V1NamespaceStatus: { conditions: mergedBy('type') },
  V1NodeSpec: { podCIDRs: mergedSet() },
  V1NodeStatus: { addresses: mergedBy('type'), conditions: mergedBy('type') },
  V1PodSpec: {
    containers: mergedBy('name'),
    ephemeralContainers: mergedBy('name'),
    hostAliases: mergedBy('ip'),
    imagePullSecrets: mergedBy('name'),
    initContainers: mergedBy('name'),
    resourceClaims: mergedUnionsBy('name'),
    schedulingGates: mergedBy('name'),
    topologySpreadConstraints: {
      listType: 'map',
      keys: ['topologyKey', 'whenUnsatisfiable'],
      patch: { strategy: 'merge', mergeKey: 'topologyKey' },
    },
    volumes: mergedUnionsBy('name'),
  },
  V1PodStatus: {
    conditions: mergedBy('type'),
    hostIPs: { listType: 'atomic', patch: { strategy: 'merge', mergeKey: 'ip' } },
    podIPs: mergedBy('ip'),
    resourceClaimStatuses: mergedUnionsBy('name'),
  },
  V1Container: containerLists(),
  V1EphemeralContainer: containerLists(),
  V1ContainerRestartRuleOnExitCodes: { values: { listType: 'set' } },
  V1ContainerStatus: { allocatedResourcesStatus: mergedBy('name'), volumeMounts: mergedBy('mountPath') },
  V1ResourceRequirements: { claims: { listType: 'map', keys: ['name'] } },
  V1ResourceStatus: { resources: { listType: 'map', keys: ['resourceID'] } },
  V1ServiceSpec: {
    ports: {
      listType: 'map',
      keys: ['port', 'protocol'],
      keyDefaults: { protocol: 'TCP' },
      patch: { strategy: 'merge', mergeKey: 'port' },
    },
  },
  V1ServiceStatus: { conditions: mergedBy('type') },
  V1ServiceAccount: { secrets: mergedBy('name') },
  V1DeploymentStatus: { conditions: mergedBy('type') },
  V1ReplicaSetStatus: { conditions: mergedBy('type') },
  V1Endpoint: { addresses: { listType: 'set' } },
  V1CustomResourceDefinitionStatus: { conditions: { listType: 'map', keys: ['type'] } },
};

/** Structures owned as one value (`+structType=atomic`, `+mapType=atomic`). */
export const ATOMIC_MODELS: ReadonlySet<string> = new Set([
  'CoreV1EndpointPort',
  'DiscoveryV1EndpointPort',
  'V1ConfigMapKeySelector',
  'V1EndpointAddress',
  'V1FileKeySelector',
  'V1LabelSelector',
  'V1LocalObjectReference',
  'V1NodeSelector',
  'V1NodeSelectorTerm',
  'V1ObjectFieldSelector',
  'V1ObjectReference',
  'V1OwnerReference',
  'V1ResourceFieldSelector',
  'V1SecretKeySelector',
  'V1ServiceBackendPort',
  'V1TypedLocalObjectReference',
]);

/** Maps of data owned as one value, as `model.field`. */
export const ATOMIC_MAPS: ReadonlySet<string> = new Set(['V1PodSpec.nodeSelector', 'V1ServiceSpec.selector']);

/** Fields (or maps of them) that hold quantities: `500m`, `1Gi`, or a bare number. */
export const QUANTITIES: ReadonlySet<string> = new Set([
  'V1ContainerStatus.allocatedResources',
  'V1EmptyDirVolumeSource.sizeLimit',
  'V1NodeStatus.allocatable',
  'V1NodeStatus.capacity',
  'V1PodSpec.overhead',
  'V1ResourceFieldSelector.divisor',
  'V1ResourceRequirements.limits',
  'V1ResourceRequirements.requests',
  'V1VolumeResourceRequirements.limits',
  'V1VolumeResourceRequirements.requests',
]);

/** Structures with patch strategy `retainKeys`, as `model.field`. */
export const RETAIN_KEYS: ReadonlySet<string> = new Set(['V1DeploymentSpec.strategy']);

function mergedBy(key: string): ListFacts {
  return { listType: 'map', keys: [key], patch: { strategy: 'merge', mergeKey: key } };
}

function mergedUnionsBy(key: string): ListFacts {
  return { listType: 'map', keys: [key], patch: { strategy: 'merge', mergeKey: key, retainKeys: true } };
}

function mergedSet(): ListFacts {
  return { listType: 'set', patch: { strategy: 'merge' } };
}

function containerLists(): Readonly<Record<string, ListFacts>> {
  return {
    env: mergedBy('name'),
    ports: {
      listType: 'map',
      keys: ['containerPort', 'protocol'],
      keyDefaults: { protocol: 'TCP' },
      patch: { strategy: 'merge', mergeKey: 'containerPort' },
    },
    volumeDevices: mergedBy('devicePath'),
    volumeMounts: mergedBy('mountPath'),
  };
}
