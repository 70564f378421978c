import { arrayAt, isObject, type JsonObject, type JsonValue, numberAt, objectAt, stringAt } from '../json.js';
import { update, updateEach, updateStructure, withDefaults } from '../json-update.js';

/** The defaults of a PodSpec (k8s.io/kubernetes, pkg/apis/core/v1/defaults.go), in a Pod and in a template alike. */
function defaultPodSpec(spec: JsonObject): JsonObject {
  const filled = withDefaults(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  const hostNetwork = spec.hostNetwork === true;
  const container = (value: JsonObject) => defaultContainer(value, hostNetwork);
  return ['containers', 'initContainers', 'ephemeralContainers'].reduce(
    (result, list) => updateEach(result, list, container),
    updateEach(filled, 'volumes', defaultVolume),
  );
}

export function defaultPod(pod: JsonObject): JsonObject {
  return update(updateStructure(pod, 'spec', defaultPodOnlySpec), 'status', (status) =>
    withDefaults(status, { qosClass: qualityOfService(objectAt(pod, 'spec')) }),
  );
}

export function defaultPodTemplate(owner: JsonObject): JsonObject {
  return updateStructure(owner, 'template', (template) => updateStructure(template, 'spec', defaultPodSpec));
}

function defaultPodOnlySpec(spec: JsonObject): JsonObject {
  const filled = withDefaults(defaultPodSpec(spec), {
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
  });
  // The ServiceAccount admission plug-in; both names are kept for old clients.
  const account = stringAt(spec, 'serviceAccountName') ?? stringAt(spec, 'serviceAccount') ?? 'default';
  return { ...filled, serviceAccount: account, serviceAccountName: account };
}

function defaultContainer(container: JsonObject, hostNetwork: boolean): JsonObject {
  const image = stringAt(container, 'image') ?? '';
  const filled = withDefaults(container, {
    imagePullPolicy: isLatest(image) ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  const ports = updateEach(filled, 'ports', (port) => {
    const number = numberAt(port, 'containerPort');
    const hostPort: Record<string, JsonValue> = hostNetwork && number !== undefined ? { hostPort: number } : {};
    return withDefaults(port, { protocol: 'TCP', ...hostPort });
  });
  const environment = updateEach(ports, 'env', (variable) =>
    update(variable, 'valueFrom', (source) =>
      update(source, 'fieldRef', (reference) => withDefaults(reference, { apiVersion: 'v1' })),
    ),
  );
  const withProbes = ['livenessProbe', 'readinessProbe', 'startupProbe'].reduce(
    (result, name) => update(result, name, defaultProbe),
    environment,
  );
  const withHooks = update(withProbes, 'lifecycle', (lifecycle) =>
    update(update(lifecycle, 'postStart', defaultAction), 'preStop', defaultAction),
  );
  return update(withHooks, 'resources', defaultRequests);
}

/** What a container may use at most, it also asks for. */
function defaultRequests(resources: JsonObject): JsonObject {
  const limits = objectAt(resources, 'limits');
  if (Object.keys(limits).length === 0) return resources;
  return { ...resources, requests: { ...limits, ...objectAt(resources, 'requests') } };
}

function defaultProbe(probe: JsonObject): JsonObject {
  return defaultAction(
    withDefaults(probe, { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 }),
  );
}

function defaultAction(action: JsonObject): JsonObject {
  const http = update(action, 'httpGet', (get) => withDefaults(get, { path: '/', scheme: 'HTTP' }));
  return update(http, 'grpc', (grpc) => withDefaults(grpc, { service: '' }));
}

function defaultVolume(volume: JsonObject): JsonObject {
  if (Object.keys(volume).every((key) => key === 'name')) return { ...volume, emptyDir: {} };
  const withModes = ['configMap', 'secret', 'downwardAPI', 'projected'].reduce(
    (result, source) => update(result, source, (value) => withDefaults(value, { defaultMode: 0o644 })),
    volume,
  );
  return update(withModes, 'hostPath', (path) => withDefaults(path, { type: '' }));
}

/** No tag, or the tag `latest`. A digest counts as a tag: it pins the image. */
function isLatest(image: string): boolean {
  const [, tag] = /:([^:/]*)$/.exec(image) ?? [];
  return tag === undefined || tag === 'latest';
}

function qualityOfService(spec: JsonObject): string {
  const containers = [...arrayAt(spec, 'containers'), ...arrayAt(spec, 'initContainers')].filter(isObject);
  const resources = containers.map((container) => objectAt(container, 'resources'));
  const names = ['cpu', 'memory'];
  const asks = (value: JsonObject, list: string) => names.some((name) => objectAt(value, list)[name] !== undefined);
  if (!resources.some((value) => asks(value, 'limits') || asks(value, 'requests'))) return 'BestEffort';
  const guaranteed = resources.every((value) =>
    names.every((name) => {
      const limit = objectAt(value, 'limits')[name];
      return limit !== undefined && (objectAt(value, 'requests')[name] ?? limit) === limit;
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
