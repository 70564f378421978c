/** What a Pod is made of: fields of k8s.io/api/core/v1, written as `message-table.ts` explains. Kinds of volumes that no node here has are left out. */
export const POD_MESSAGES = `
  PodSpec: 1 volumes Volume[], 20 initContainers Container[], 2 containers Container[], 3 restartPolicy string,
    4 terminationGracePeriodSeconds int64?, 5 activeDeadlineSeconds int64?, 6 dnsPolicy string,
    7 nodeSelector map<string>, 8 serviceAccountName string, 9 serviceAccount string,
    21 automountServiceAccountToken bool?, 10 nodeName string, 11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool,
    27 shareProcessNamespace bool?, 14 securityContext PodSecurityContext, 15 imagePullSecrets LocalObjectReference[],
    16 hostname string, 17 subdomain string, 19 schedulerName string, 22 tolerations Toleration[],
    23 hostAliases HostAlias[], 24 priorityClassName string, 25 priority int32?, 26 dnsConfig PodDNSConfig,
    28 readinessGates PodReadinessGate[], 29 runtimeClassName string?, 30 enableServiceLinks bool?,
    31 preemptionPolicy string?, 32 overhead map<Quantity>, 35 setHostnameAsFQDN bool?, 36 os PodOS,
    37 hostUsers bool?, 38 schedulingGates PodSchedulingGate[], 40 resources ResourceRequirements,
    41 hostnameOverride string?
  Volume: 1 name string, 2 ... VolumeSource
  VolumeSource: 1 hostPath HostPathVolumeSource, 2 emptyDir EmptyDirVolumeSource, 6 secret SecretVolumeSource,
    10 persistentVolumeClaim PersistentVolumeClaimVolumeSource, 16 downwardAPI DownwardAPIVolumeSource,
    19 configMap ConfigMapVolumeSource, 26 projected ProjectedVolumeSource
  HostPathVolumeSource: 1 path string, 2 type string?
  EmptyDirVolumeSource: 1 medium string, 2 sizeLimit Quantity, 3 mode int32?
  SecretVolumeSource: 1 secretName string, 2 items KeyToPath[], 3 defaultMode int32?, 4 optional bool?,
    5 defaultUser int64?
  KeyToPath: 1 key string, 2 path string, 3 mode int32?, 4 user int64?
  PersistentVolumeClaimVolumeSource: 1 claimName string, 2 readOnly bool
  DownwardAPIVolumeSource: 1 items DownwardAPIVolumeFile[], 2 defaultMode int32?, 3 defaultUser int64?
  DownwardAPIVolumeFile: 1 path string, 2 fieldRef ObjectFieldSelector, 3 resourceFieldRef ResourceFieldSelector,
    4 mode int32?, 5 user int64?
  ObjectFieldSelector: 1 apiVersion string, 2 fieldPath string
  ResourceFieldSelector: 1 containerName string, 2 resource string, 3 divisor Quantity
  ConfigMapVolumeSource: 1 ... LocalObjectReference, 2 items KeyToPath[], 3 defaultMode int32?, 4 optional bool?,
    5 defaultUser int64?
  LocalObjectReference: 1 name string
  ProjectedVolumeSource: 1 sources VolumeProjection[], 2 defaultMode int32?, 3 defaultUser int64?
  VolumeProjection: 1 secret SecretProjection, 2 downwardAPI DownwardAPIProjection, 3 configMap ConfigMapProjection,
    4 serviceAccountToken ServiceAccountTokenProjection
  SecretProjection: 1 ... LocalObjectReference, 2 items KeyToPath[], 4 optional bool?
  DownwardAPIProjection: 1 items DownwardAPIVolumeFile[]
  ConfigMapProjection: 1 ... LocalObjectReference, 2 items KeyToPath[], 4 optional bool?
  ServiceAccountTokenProjection: 1 audience string, 2 expirationSeconds int64?, 3 path string, 4 user int64?
  Container: 1 name string, 2 image string, 3 command string[], 4 args string[], 5 workingDir string,
    6 ports ContainerPort[], 19 envFrom EnvFromSource[], 7 env EnvVar[], 8 resources ResourceRequirements,
    23 resizePolicy ContainerResizePolicy[], 24 restartPolicy string?, 25 restartPolicyRules ContainerRestartRule[],
    9 volumeMounts VolumeMount[], 21 volumeDevices VolumeDevice[], 10 livenessProbe Probe, 11 readinessProbe Probe,
    22 startupProbe Probe, 12 lifecycle Lifecycle, 13 terminationMessagePath string,
    20 terminationMessagePolicy string, 14 imagePullPolicy string, 15 securityContext SecurityContext, 16 stdin bool,
    17 stdinOnce bool, 18 tty bool
  ContainerPort: 1 name string, 2 hostPort int32, 3 containerPort int32, 4 protocol string, 5 hostIP string
  EnvFromSource: 1 prefix string, 2 configMapRef ConfigMapEnvSource, 3 secretRef SecretEnvSource
  ConfigMapEnvSource: 1 ... LocalObjectReference, 2 optional bool?
  SecretEnvSource: 1 ... LocalObjectReference, 2 optional bool?
  EnvVar: 1 name string, 2 value string, 3 valueFrom EnvVarSource
  EnvVarSource: 1 fieldRef ObjectFieldSelector, 2 resourceFieldRef ResourceFieldSelector,
    3 configMapKeyRef ConfigMapKeySelector, 4 secretKeyRef SecretKeySelector, 5 fileKeyRef FileKeySelector
  ConfigMapKeySelector: 1 ... LocalObjectReference, 2 key string, 3 optional bool?
  SecretKeySelector: 1 ... LocalObjectReference, 2 key string, 3 optional bool?
  FileKeySelector: 1 volumeName string, 2 path string, 3 key string, 4 optional bool?
  ResourceRequirements: 1 limits map<Quantity>, 2 requests map<Quantity>, 3 claims ResourceClaim[]
  ResourceClaim: 1 name string, 2 request string
  ContainerResizePolicy: 1 resourceName string, 2 restartPolicy string
  ContainerRestartRule: 1 action string, 2 exitCodes ContainerRestartRuleOnExitCodes
  ContainerRestartRuleOnExitCodes: 1 operator string, 2 values int32[]
  VolumeMount: 1 name string, 2 readOnly bool, 7 recursiveReadOnly string?, 3 mountPath string, 4 subPath string,
    5 mountPropagation string?, 6 subPathExpr string, 8 bindMountOptions string[]
  VolumeDevice: 1 name string, 2 devicePath string
  Probe: 1 ... ProbeHandler, 2 initialDelaySeconds int32, 3 timeoutSeconds int32, 4 periodSeconds int32,
    5 successThreshold int32, 6 failureThreshold int32, 7 terminationGracePeriodSeconds int64?
  ProbeHandler: 1 exec ExecAction, 2 httpGet HTTPGetAction, 3 tcpSocket TCPSocketAction, 4 grpc GRPCAction
  ExecAction: 1 command string[]
  HTTPGetAction: 1 path string, 2 port IntOrString, 3 host string, 4 scheme string, 5 httpHeaders HTTPHeader[],
    6 protocol string?
  HTTPHeader: 1 name string, 2 value string
  TCPSocketAction: 1 port IntOrString, 2 host string
  GRPCAction: 1 port int32, 2 service string?, 3 mode string?
  Lifecycle: 1 postStart LifecycleHandler, 2 preStop LifecycleHandler, 3 stopSignal string?
  LifecycleHandler: 1 exec ExecAction, 2 httpGet HTTPGetAction, 3 tcpSocket TCPSocketAction, 4 sleep SleepAction
  SleepAction: 1 seconds int64
  SecurityContext: 1 capabilities Capabilities, 2 privileged bool?, 3 seLinuxOptions SELinuxOptions,
    4 runAsUser int64?, 8 runAsGroup int64?, 5 runAsNonRoot bool?, 6 readOnlyRootFilesystem bool?,
    7 allowPrivilegeEscalation bool?, 9 procMount string?, 11 seccompProfile SeccompProfile,
    12 appArmorProfile AppArmorProfile
  Capabilities: 1 add string[], 2 drop string[]
  SELinuxOptions: 1 user string, 2 role string, 3 type string, 4 level string
  SeccompProfile: 1 type string, 2 localhostProfile string?
  AppArmorProfile: 1 type string, 2 localhostProfile string?
  PodSecurityContext: 1 seLinuxOptions SELinuxOptions, 2 runAsUser int64?, 6 runAsGroup int64?, 3 runAsNonRoot bool?,
    4 supplementalGroups int64[], 12 supplementalGroupsPolicy string?, 5 fsGroup int64?, 7 sysctls Sysctl[],
    9 fsGroupChangePolicy string?, 10 seccompProfile SeccompProfile, 11 appArmorProfile AppArmorProfile,
    13 seLinuxChangePolicy string?
  Sysctl: 1 name string, 2 value string
  Toleration: 1 key string, 2 operator string, 3 value string, 4 effect string, 5 tolerationSeconds int64?
  HostAlias: 1 ip string, 2 hostnames string[]
  PodDNSConfig: 1 nameservers string[], 2 searches string[], 3 options PodDNSConfigOption[]
  PodDNSConfigOption: 1 name string, 2 value string?
  PodReadinessGate: 1 conditionType string
  PodOS: 1 name string
  PodSchedulingGate: 1 name string
`;
