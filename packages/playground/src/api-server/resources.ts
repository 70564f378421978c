import type { ResourceDefinition, SubresourceName } from './resource-definition.js';

interface Traits {
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly SubresourceName[];
  readonly clusterWide?: boolean;
  readonly generation?: boolean;
  readonly unconditionalUpdate?: boolean;
  readonly returnsDeletedObject?: boolean;
  readonly singular?: string;
  readonly storage?: string;
}

function resource(groupVersion: string, kind: string, plural: string, traits: Traits = {}): ResourceDefinition {
  const slash = groupVersion.indexOf('/');
  const group = slash === -1 ? '' : groupVersion.slice(0, slash);
  return {
    group,
    version: groupVersion.slice(slash + 1),
    kind,
    listKind: `${kind}List`,
    plural,
    singular: traits.singular ?? kind.toLowerCase(),
    shortNames: traits.shortNames ?? [],
    categories: traits.categories ?? [],
    namespaced: traits.clusterWide !== true,
    subresources: traits.subresources ?? [],
    generation: traits.generation ?? false,
    unconditionalUpdate: traits.unconditionalUpdate ?? true,
    returnsDeletedObject: traits.returnsDeletedObject ?? false,
    storage: traits.storage ?? (group === '' ? plural : `${plural}.${group}`),
  };
}

const WORKLOAD: Traits = { categories: ['all'], subresources: ['status', 'scale'], generation: true };

/**
 * Every built-in resource, with the short names and categories of Kubernetes 1.34. Below a group its preferred version comes first.
 * Kinds that the playground only stores (no controller acts on them) are here because kubectl asks for them, e.g. in `kubectl get all`.
 */
export const BUILT_IN_RESOURCES: readonly ResourceDefinition[] = [
  resource('v1', 'Namespace', 'namespaces', {
    shortNames: ['ns'],
    subresources: ['status', 'finalize'],
    clusterWide: true,
  }),
  resource('v1', 'Pod', 'pods', {
    shortNames: ['po'],
    categories: ['all'],
    subresources: ['status', 'log', 'eviction'],
    generation: true,
    returnsDeletedObject: true,
  }),
  resource('v1', 'Node', 'nodes', { shortNames: ['no'], subresources: ['status'], clusterWide: true }),
  resource('v1', 'Service', 'services', {
    shortNames: ['svc'],
    categories: ['all'],
    subresources: ['status'],
    returnsDeletedObject: true,
  }),
  resource('v1', 'Endpoints', 'endpoints', { shortNames: ['ep'] }),
  resource('v1', 'Secret', 'secrets'),
  resource('v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  resource('v1', 'Event', 'events', { shortNames: ['ev'] }),
  resource('v1', 'ServiceAccount', 'serviceaccounts', {
    shortNames: ['sa'],
    returnsDeletedObject: true,
  }),
  resource('v1', 'PersistentVolume', 'persistentvolumes', {
    shortNames: ['pv'],
    subresources: ['status'],
    clusterWide: true,
    returnsDeletedObject: true,
  }),
  resource('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
    shortNames: ['pvc'],
    subresources: ['status'],
    returnsDeletedObject: true,
  }),
  resource('v1', 'ReplicationController', 'replicationcontrollers', { ...WORKLOAD, shortNames: ['rc'] }),
  resource('v1', 'LimitRange', 'limitranges', { shortNames: ['limits'] }),
  resource('v1', 'ResourceQuota', 'resourcequotas', { shortNames: ['quota'], subresources: ['status'] }),
  resource('apps/v1', 'Deployment', 'deployments', { ...WORKLOAD, shortNames: ['deploy'] }),
  resource('apps/v1', 'ReplicaSet', 'replicasets', { ...WORKLOAD, shortNames: ['rs'] }),
  resource('apps/v1', 'StatefulSet', 'statefulsets', { ...WORKLOAD, shortNames: ['sts'] }),
  resource('apps/v1', 'DaemonSet', 'daemonsets', { ...WORKLOAD, shortNames: ['ds'], subresources: ['status'] }),
  resource('apps/v1', 'ControllerRevision', 'controllerrevisions'),
  resource('events.k8s.io/v1', 'Event', 'events', { shortNames: ['ev'], storage: 'events' }),
  resource('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
    shortNames: ['hpa'],
    categories: ['all'],
    subresources: ['status'],
  }),
  resource('batch/v1', 'Job', 'jobs', { categories: ['all'], subresources: ['status'], generation: true }),
  resource('batch/v1', 'CronJob', 'cronjobs', {
    shortNames: ['cj'],
    categories: ['all'],
    subresources: ['status'],
    generation: true,
  }),
  resource('networking.k8s.io/v1', 'Ingress', 'ingresses', {
    shortNames: ['ing'],
    subresources: ['status'],
    generation: true,
  }),
  resource('networking.k8s.io/v1', 'IngressClass', 'ingressclasses', { clusterWide: true, generation: true }),
  resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', { shortNames: ['netpol'], generation: true }),
  resource('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', {
    shortNames: ['pdb'],
    subresources: ['status'],
    generation: true,
  }),
  resource('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  resource('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', { clusterWide: true }),
  resource('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', { clusterWide: true }),
  resource('storage.k8s.io/v1', 'StorageClass', 'storageclasses', {
    shortNames: ['sc'],
    clusterWide: true,
    returnsDeletedObject: true,
  }),
  resource('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: ['status'],
    clusterWide: true,
    generation: true,
    unconditionalUpdate: false,
  }),
  resource('coordination.k8s.io/v1', 'Lease', 'leases', { unconditionalUpdate: false }),
  resource('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices', { generation: true }),
  resource('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', { shortNames: ['pc'], clusterWide: true }),
];
