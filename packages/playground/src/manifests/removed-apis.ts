const INGRESS =
  'change apiVersion to networking.k8s.io/v1, give each path a pathType (Prefix does what was done before), write ' +
  'backend.serviceName and backend.servicePort as backend.service.name and backend.service.port.number (or .name), ' +
  'and spec.backend as spec.defaultBackend';
const WORKLOAD =
  'change apiVersion to apps/v1, and make sure that spec.selector.matchLabels names labels of the template';

interface Removal {
  /** The first Kubernetes without it. */
  readonly since: string;
  readonly remedy: string;
}

/** From https://kubernetes.io/docs/reference/using-api/deprecation-guide/. */
const REMOVED: Readonly<Record<string, Removal>> = {
  'extensions/v1beta1 Ingress': { since: '1.22', remedy: INGRESS },
  'networking.k8s.io/v1beta1 Ingress': { since: '1.22', remedy: INGRESS },
  'networking.k8s.io/v1beta1 IngressClass': { since: '1.22', remedy: 'change apiVersion to networking.k8s.io/v1' },
  'extensions/v1beta1 Deployment': { since: '1.16', remedy: WORKLOAD },
  'apps/v1beta1 Deployment': { since: '1.16', remedy: WORKLOAD },
  'apps/v1beta2 Deployment': { since: '1.16', remedy: WORKLOAD },
  'extensions/v1beta1 ReplicaSet': { since: '1.16', remedy: WORKLOAD },
  'apps/v1beta2 ReplicaSet': { since: '1.16', remedy: WORKLOAD },
  'extensions/v1beta1 DaemonSet': { since: '1.16', remedy: WORKLOAD },
  'apps/v1beta2 DaemonSet': { since: '1.16', remedy: WORKLOAD },
  'discovery.k8s.io/v1beta1 EndpointSlice': {
    since: '1.25',
    remedy: 'change apiVersion to discovery.k8s.io/v1, and topology to nodeName and zone',
  },
};

const RBAC_KINDS = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);

/** Why a kind of an old manifest is served no more, and what to write instead; undefined for every other kind. */
export function removedApi(apiVersion: string, kind: string): string | undefined {
  const rbac = apiVersion === 'rbac.authorization.k8s.io/v1beta1' && RBAC_KINDS.has(kind);
  const removal = rbac
    ? { since: '1.22', remedy: 'change apiVersion to rbac.authorization.k8s.io/v1' }
    : REMOVED[`${apiVersion} ${kind}`];
  if (removal === undefined) return undefined;
  return `${kind} in ${apiVersion} is served no more (since Kubernetes ${removal.since}): ${removal.remedy}`;
}
