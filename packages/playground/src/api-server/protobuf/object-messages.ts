/** The kinds that kubectl creates, and the options of a deletion: fields of k8s.io/api, written as `message-table.ts` explains. */
export const OBJECT_MESSAGES = `
  ObjectMeta: 1 name string, 2 generateName string, 3 namespace string, 4 selfLink -, 5 uid string,
    6 resourceVersion string, 7 generation int64, 8 creationTimestamp Time, 9 deletionTimestamp Time,
    10 deletionGracePeriodSeconds int64?, 11 labels map<string>, 12 annotations map<string>,
    13 ownerReferences OwnerReference[], 14 finalizers string[]
  OwnerReference: 5 apiVersion string, 1 kind string, 3 name string, 4 uid string, 6 controller bool?,
    7 blockOwnerDeletion bool?
  LabelSelector: 1 matchLabels map<string>, 2 matchExpressions LabelSelectorRequirement[]
  LabelSelectorRequirement: 1 key string, 2 operator string, 3 values string[]
  DeleteOptions: 1 gracePeriodSeconds int64?, 2 preconditions Preconditions, 3 orphanDependents bool?,
    4 propagationPolicy string?, 5 dryRun string[], 6 ignoreStoreReadErrorWithClusterBreakingPotential bool?
  Preconditions: 1 uid string?, 2 resourceVersion string?
  Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status -
  NamespaceSpec: 1 finalizers string[]
  Pod: 1 metadata ObjectMeta, 2 spec PodSpec, 3 status -
  ConfigMap: 1 metadata ObjectMeta, 4 immutable bool?, 2 data map<string>, 3 binaryData map<bytes>
  Secret: 1 metadata ObjectMeta, 5 immutable bool?, 2 data map<bytes>, 4 stringData map<string>, 3 type string
  ServiceAccount: 1 metadata ObjectMeta, 2 secrets ObjectReference[], 3 imagePullSecrets LocalObjectReference[],
    4 automountServiceAccountToken bool?
  ObjectReference: 1 kind string, 2 namespace string, 3 name string, 4 uid string, 5 apiVersion string,
    6 resourceVersion string, 7 fieldPath string
  Service: 1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status -
  ServiceSpec: 1 ports ServicePort[], 2 selector map<string>, 3 clusterIP string, 18 clusterIPs string[],
    4 type string, 5 externalIPs string[], 7 sessionAffinity string, 8 loadBalancerIP string,
    9 loadBalancerSourceRanges string[], 10 externalName string, 11 externalTrafficPolicy string,
    12 healthCheckNodePort int32, 13 publishNotReadyAddresses bool, 14 sessionAffinityConfig SessionAffinityConfig,
    19 ipFamilies string[], 17 ipFamilyPolicy string?, 20 allocateLoadBalancerNodePorts bool?,
    21 loadBalancerClass string?, 22 internalTrafficPolicy string?, 23 trafficDistribution string?
  ServicePort: 1 name string, 2 protocol string, 6 appProtocol string?, 3 port int32, 4 targetPort IntOrString,
    5 nodePort int32
  SessionAffinityConfig: 1 clientIP ClientIPConfig
  ClientIPConfig: 1 timeoutSeconds int32?
  ResourceQuota: 1 metadata ObjectMeta, 2 spec ResourceQuotaSpec, 3 status -
  ResourceQuotaSpec: 1 hard map<Quantity>, 2 scopes string[], 3 scopeSelector ScopeSelector
  ScopeSelector: 1 matchExpressions ScopedResourceSelectorRequirement[]
  ScopedResourceSelectorRequirement: 1 scopeName string, 2 operator string, 3 values string[]
  Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status -
  DeploymentSpec: 1 replicas int32?, 2 selector LabelSelector, 3 template PodTemplateSpec,
    4 strategy DeploymentStrategy, 5 minReadySeconds int32, 6 revisionHistoryLimit int32?, 7 paused bool,
    9 progressDeadlineSeconds int32?
  PodTemplateSpec: 1 metadata ObjectMeta, 2 spec PodSpec
  DeploymentStrategy: 1 type string, 2 rollingUpdate RollingUpdateDeployment
  RollingUpdateDeployment: 1 maxUnavailable IntOrString, 2 maxSurge IntOrString
  Ingress: 1 metadata ObjectMeta, 2 spec IngressSpec, 3 status -
  IngressSpec: 4 ingressClassName string?, 1 defaultBackend IngressBackend, 2 tls IngressTLS[], 3 rules IngressRule[]
  IngressBackend: 4 service IngressServiceBackend, 3 resource TypedLocalObjectReference
  IngressServiceBackend: 1 name string, 2 port ServiceBackendPort
  ServiceBackendPort: 1 name string, 2 number int32
  TypedLocalObjectReference: 1 apiGroup string?, 2 kind string, 3 name string
  IngressTLS: 1 hosts string[], 2 secretName string
  IngressRule: 1 host string, 2 ... IngressRuleValue
  IngressRuleValue: 1 http HTTPIngressRuleValue
  HTTPIngressRuleValue: 1 paths HTTPIngressPath[]
  HTTPIngressPath: 1 path string, 3 pathType string?, 2 backend IngressBackend
  CronJob: 1 metadata ObjectMeta, 2 spec CronJobSpec, 3 status -
  CronJobSpec: 1 schedule string, 8 timeZone string?, 2 startingDeadlineSeconds int64?, 3 concurrencyPolicy string,
    4 suspend bool?, 5 jobTemplate JobTemplateSpec, 6 successfulJobsHistoryLimit int32?,
    7 failedJobsHistoryLimit int32?
  Job: 1 metadata ObjectMeta, 2 spec JobSpec, 3 status -
  JobTemplateSpec: 1 metadata ObjectMeta, 2 spec JobSpec
  JobSpec: 1 parallelism int32?, 2 completions int32?, 3 activeDeadlineSeconds int64?, 7 backoffLimit int32?,
    12 backoffLimitPerIndex int32?, 13 maxFailedIndexes int32?, 4 selector LabelSelector, 5 manualSelector bool?,
    6 template PodTemplateSpec, 8 ttlSecondsAfterFinished int32?, 9 completionMode string?, 10 suspend bool?,
    14 podReplacementPolicy string?, 15 managedBy string?
  Role: 1 metadata ObjectMeta, 2 rules PolicyRule[]
  ClusterRole: 1 metadata ObjectMeta, 2 rules PolicyRule[], 3 aggregationRule AggregationRule
  PolicyRule: 1 verbs string[], 2 apiGroups string[], 3 resources string[], 4 resourceNames string[],
    5 nonResourceURLs string[]
  AggregationRule: 1 clusterRoleSelectors LabelSelector[]
  RoleBinding: 1 metadata ObjectMeta, 2 subjects Subject[], 3 roleRef RoleRef
  ClusterRoleBinding: 1 metadata ObjectMeta, 2 subjects Subject[], 3 roleRef RoleRef
  Subject: 1 kind string, 2 apiGroup string, 3 name string, 4 namespace string
  RoleRef: 1 apiGroup string, 2 kind string, 3 name string
  PodDisruptionBudget: 1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec, 3 status -
  PodDisruptionBudgetSpec: 1 minAvailable IntOrString, 2 selector LabelSelector, 3 maxUnavailable IntOrString,
    4 unhealthyPodEvictionPolicy string?
  Eviction: 1 metadata ObjectMeta, 2 deleteOptions DeleteOptions
  PriorityClass: 1 metadata ObjectMeta, 2 value int32, 3 globalDefault bool, 4 description string,
    5 preemptionPolicy string?
  SelfSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec, 3 status -
  SelfSubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes, 2 nonResourceAttributes NonResourceAttributes
  ResourceAttributes: 1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string,
    6 subresource string, 7 name string, 8 fieldSelector FieldSelectorAttributes,
    9 labelSelector LabelSelectorAttributes
  FieldSelectorAttributes: 1 rawSelector string, 2 requirements FieldSelectorRequirement[]
  FieldSelectorRequirement: 1 key string, 2 operator string, 3 values string[]
  LabelSelectorAttributes: 1 rawSelector string, 2 requirements LabelSelectorRequirement[]
  NonResourceAttributes: 1 path string, 2 verb string
  SelfSubjectRulesReview: 1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec, 3 status -
  SelfSubjectRulesReviewSpec: 1 namespace string
  SelfSubjectReview: 1 metadata ObjectMeta, 2 status -
  HorizontalPodAutoscaler: 1 metadata ObjectMeta, 2 spec HorizontalPodAutoscalerSpec, 3 status -
  HorizontalPodAutoscalerSpec: 1 scaleTargetRef CrossVersionObjectReference, 2 minReplicas int32?,
    3 maxReplicas int32, 4 metrics MetricSpec[]
  CrossVersionObjectReference: 1 kind string, 2 name string, 3 apiVersion string
  MetricSpec: 1 type string, 4 resource ResourceMetricSource
  ResourceMetricSource: 1 name string, 2 target MetricTarget
  MetricTarget: 1 type string, 2 value Quantity, 3 averageValue Quantity, 4 averageUtilization int32?
  Lease: 1 metadata ObjectMeta, 2 spec LeaseSpec
  LeaseSpec: 1 holderIdentity string?, 2 leaseDurationSeconds int32?, 3 acquireTime MicroTime, 4 renewTime MicroTime,
    5 leaseTransitions int32?, 6 strategy string?, 7 preferredHolder string?
`;
