import { dnsLabelProblems, dnsSubdomainProblems, portNameProblems, portNumberProblems } from '../../name-rules.js';
import type { Causes } from '../causes.js';
import { isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt } from '../json.js';
import { PROTOCOLS, validatePortReference } from './service.js';

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const ACTIONS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

/** The parts of k8s.io/kubernetes, pkg/apis/core/validation, ValidatePodSpec, that users meet. */
export function validatePodSpec(
  causes: Causes,
  field: string,
  spec: JsonObject,
  restartPolicies: readonly string[] = RESTART_POLICIES,
): void {
  const volumes = validateVolumes(causes, `${field}.volumes`, objectsAt(spec, 'volumes'));
  const names = new Set<string>();
  const containers = objectsAt(spec, 'containers');
  if (containers.length === 0) causes.required(`${field}.containers`);
  for (const list of ['initContainers', 'containers'] as const) {
    objectsAt(spec, list).forEach((container, index) => {
      validateContainer(causes, `${field}.${list}[${index}]`, container, names, volumes);
    });
  }
  const restartPolicy = stringAt(spec, 'restartPolicy') ?? '';
  if (!restartPolicies.includes(restartPolicy)) {
    causes.notSupported(`${field}.restartPolicy`, restartPolicy, restartPolicies);
  }
  const dnsPolicy = stringAt(spec, 'dnsPolicy') ?? '';
  if (!DNS_POLICIES.includes(dnsPolicy)) causes.notSupported(`${field}.dnsPolicy`, dnsPolicy, DNS_POLICIES);
  const grace = numberAt(spec, 'terminationGracePeriodSeconds') ?? 0;
  if (grace < 0) causes.invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than or equal to 0');
  const account = stringAt(spec, 'serviceAccountName') ?? '';
  if (account !== '') causes.invalidEach(`${field}.serviceAccountName`, account, dnsSubdomainProblems(account));
}

function validateVolumes(causes: Causes, field: string, volumes: readonly JsonObject[]): ReadonlySet<string> {
  const names = new Set<string>();
  volumes.forEach((volume, index) => {
    const name = stringAt(volume, 'name') ?? '';
    validateUniqueLabel(causes, `${field}[${index}].name`, name, names);
    const [, ...others] = Object.keys(volume).filter((key) => key !== 'name');
    for (const source of others) {
      causes.forbidden(`${field}[${index}].${source}`, 'may not specify more than 1 volume type');
    }
  });
  return names;
}

function validateUniqueLabel(causes: Causes, field: string, name: string, names: Set<string>): void {
  if (name === '') causes.required(field);
  else causes.invalidEach(field, name, dnsLabelProblems(name));
  if (names.has(name)) causes.duplicate(field, name);
  names.add(name);
}

function validateContainer(
  causes: Causes,
  field: string,
  container: JsonObject,
  names: Set<string>,
  volumes: ReadonlySet<string>,
): void {
  validateUniqueLabel(causes, `${field}.name`, stringAt(container, 'name') ?? '', names);
  const image = stringAt(container, 'image') ?? '';
  if (image === '') causes.required(`${field}.image`);
  else if (image !== image.trim()) {
    causes.invalid(`${field}.image`, image, 'must not have leading or trailing whitespace');
  }
  const pullPolicy = stringAt(container, 'imagePullPolicy') ?? '';
  if (!PULL_POLICIES.includes(pullPolicy)) {
    causes.notSupported(`${field}.imagePullPolicy`, pullPolicy, PULL_POLICIES);
  }
  validatePorts(causes, `${field}.ports`, objectsAt(container, 'ports'));
  objectsAt(container, 'env').forEach((variable, index) => {
    validateVariable(causes, `${field}.env[${index}]`, variable);
  });
  validateMounts(causes, `${field}.volumeMounts`, objectsAt(container, 'volumeMounts'), volumes);
  for (const name of PROBES) {
    const probe = container[name];
    if (isObject(probe)) validateProbe(causes, `${field}.${name}`, probe);
  }
}

function validatePorts(causes: Causes, field: string, ports: readonly JsonObject[]): void {
  const names = new Set<string>();
  ports.forEach((port, index) => {
    const place = `${field}[${index}]`;
    const name = stringAt(port, 'name') ?? '';
    if (name !== '') {
      causes.invalidEach(`${place}.name`, name, portNameProblems(name));
      if (names.has(name)) causes.duplicate(`${place}.name`, name);
      names.add(name);
    }
    const number = numberAt(port, 'containerPort') ?? 0;
    if (number === 0) causes.required(`${place}.containerPort`);
    else causes.invalidEach(`${place}.containerPort`, number, portNumberProblems(number));
    const hostPort = numberAt(port, 'hostPort') ?? 0;
    if (hostPort !== 0) causes.invalidEach(`${place}.hostPort`, hostPort, portNumberProblems(hostPort));
    const protocol = stringAt(port, 'protocol') ?? '';
    if (!PROTOCOLS.includes(protocol)) causes.notSupported(`${place}.protocol`, protocol, PROTOCOLS);
  });
}

function validateVariable(causes: Causes, field: string, variable: JsonObject): void {
  const name = stringAt(variable, 'name') ?? '';
  if (name === '') causes.required(`${field}.name`);
  // Printable ASCII but `=`, as since 1.32.
  else if (!/^[\x20-\x3c\x3e-\x7e]+$/.test(name)) {
    const text = "a valid environment variable name must consist only of printable ASCII characters other than '='";
    causes.invalid(`${field}.name`, name, text);
  }
  if (isObject(variable.valueFrom) && (stringAt(variable, 'value') ?? '') !== '') {
    causes.invalid(`${field}.valueFrom`, '', 'may not be specified when `value` is not empty');
  }
}

function validateMounts(
  causes: Causes,
  field: string,
  mounts: readonly JsonObject[],
  volumes: ReadonlySet<string>,
): void {
  const paths = new Set<string>();
  mounts.forEach((mount, index) => {
    const place = `${field}[${index}]`;
    const name = stringAt(mount, 'name') ?? '';
    if (name === '') causes.required(`${place}.name`);
    else if (!volumes.has(name)) causes.notFound(`${place}.name`, name);
    const path = stringAt(mount, 'mountPath') ?? '';
    if (path === '') causes.required(`${place}.mountPath`);
    if (paths.has(path)) causes.invalid(`${place}.mountPath`, path, 'must be unique');
    paths.add(path);
  });
}

function validateProbe(causes: Causes, field: string, probe: JsonObject): void {
  const [first, ...others] = ACTIONS.filter((action) => probe[action] !== undefined);
  if (first === undefined) causes.required(field, 'must specify a handler type');
  for (const action of others) causes.forbidden(`${field}.${action}`, 'may not specify more than 1 handler type');
  for (const action of ['httpGet', 'tcpSocket'] as const) {
    if (first === action) validatePortReference(causes, `${field}.${action}.port`, objectAt(probe, action).port);
  }
}
