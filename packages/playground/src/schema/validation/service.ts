import { isIP } from 'node:net';
import {
  dnsLabelProblems,
  dnsSubdomainProblems,
  labelKeyProblems,
  portNameProblems,
  portNumberProblems,
} from '../../name-rules.js';
import type { Causes } from '../causes.js';
import {
  isObject,
  type JsonObject,
  type JsonValue,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
} from '../json.js';
import { IP_TEXT, validateLoadBalancerPoint } from './ingress.js';
import { validateLabels } from './label-selector.js';

export const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** As k8s.io/kubernetes, pkg/apis/core/validation, ValidateService (1.34). */
export function validateService(causes: Causes, service: JsonObject, old: JsonObject | undefined): void {
  const spec = objectAt(service, 'spec');
  const type = stringAt(spec, 'type') ?? '';
  const headless = stringAt(spec, 'clusterIP') === 'None';
  if (old !== undefined) validateAddressChange(causes, spec, objectAt(old, 'spec'));
  const ports = objectsAt(spec, 'ports');
  if (ports.length === 0 && !headless && type !== 'ExternalName') causes.required('spec.ports');
  if (headless && (type === 'LoadBalancer' || type === 'NodePort')) {
    causes.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
  }
  if (type === 'ExternalName') validateExternalName(causes, spec);
  const names = new Set<string>();
  ports.forEach((port, index) => {
    validatePort(causes, `spec.ports[${index}]`, port, ports.length > 1, names);
  });
  if (isObject(spec.selector)) validateLabels(causes, 'spec.selector', spec.selector);
  validateAffinity(causes, spec);
  validateClusterIps(causes, spec, type);
  stringsAt(spec, 'externalIPs').forEach((address, index) => {
    if (isIP(address) === 0) causes.invalid(`spec.externalIPs[${index}]`, address, IP_TEXT);
  });
  if (!TYPES.includes(type)) causes.notSupported('spec.type', type, TYPES);
  validateNodePorts(causes, ports, type);
  validateUniquePorts(causes, ports);
  validateTrafficPolicies(causes, spec, type);
}

export function validateServiceStatus(causes: Causes, service: JsonObject): void {
  const balancer = objectAt(objectAt(service, 'status'), 'loadBalancer');
  const points = objectsAt(balancer, 'ingress');
  if (points.length > 0 && stringAt(objectAt(service, 'spec'), 'type') !== 'LoadBalancer') {
    causes.forbidden('status.loadBalancer.ingress', "may only be used when `spec.type` is 'LoadBalancer'");
  }
  points.forEach((point, index) => {
    validateLoadBalancerPoint(causes, `status.loadBalancer.ingress[${index}]`, point);
  });
}

/** The first address stays, unless the Service turns into or from an ExternalName. */
function validateAddressChange(causes: Causes, spec: JsonObject, old: JsonObject): void {
  const before = stringAt(old, 'clusterIP') ?? '';
  const after = stringAt(spec, 'clusterIP') ?? '';
  if (before === '' || before === after) return;
  if ([spec, old].some((each) => stringAt(each, 'type') === 'ExternalName')) return;
  const field = 'spec.clusterIPs[0]';
  if (after === '') causes.invalid(field, [], 'primary clusterIP can not be unset');
  else causes.invalid(field, [after], 'may not change once set');
}

function validateExternalName(causes: Causes, spec: JsonObject): void {
  if ((stringAt(spec, 'clusterIP') ?? '') !== '' || stringsAt(spec, 'clusterIPs').length > 0) {
    causes.forbidden('spec.clusterIPs', 'may not be set for ExternalName services');
  }
  // The name may end in a dot to say that it is fully qualified.
  const name = (stringAt(spec, 'externalName') ?? '').replace(/\.$/, '');
  if (name === '') causes.required('spec.externalName');
  else causes.invalidEach('spec.externalName', name, dnsSubdomainProblems(name));
}

function validatePort(causes: Causes, field: string, port: JsonObject, several: boolean, names: Set<string>): void {
  const name = stringAt(port, 'name') ?? '';
  if (name === '' && several) causes.required(`${field}.name`);
  if (name !== '') {
    causes.invalidEach(`${field}.name`, name, dnsLabelProblems(name));
    if (names.has(name)) causes.duplicate(`${field}.name`, name);
    names.add(name);
  }
  const number = numberAt(port, 'port') ?? 0;
  causes.invalidEach(`${field}.port`, number, portNumberProblems(number));
  const protocol = stringAt(port, 'protocol') ?? '';
  if (!PROTOCOLS.includes(protocol)) causes.notSupported(`${field}.protocol`, protocol, PROTOCOLS);
  validatePortReference(causes, `${field}.targetPort`, port.targetPort);
  const application = stringAt(port, 'appProtocol');
  if (application !== undefined) causes.invalidEach(`${field}.appProtocol`, application, labelKeyProblems(application));
}

/** A port by number or by the name it has in the container. */
export function validatePortReference(causes: Causes, field: string, port: JsonValue | undefined): void {
  if (typeof port === 'string') causes.invalidEach(field, port, portNameProblems(port));
  else if (typeof port === 'number') causes.invalidEach(field, port, portNumberProblems(port));
}

function validateAffinity(causes: Causes, spec: JsonObject): void {
  const affinity = stringAt(spec, 'sessionAffinity') ?? '';
  if (affinity === 'None') {
    if (spec.sessionAffinityConfig === undefined) return;
    causes.forbidden('spec.sessionAffinityConfig', 'must not be set when session affinity is None');
  } else if (affinity !== 'ClientIP') {
    causes.notSupported('spec.sessionAffinity', affinity, ['ClientIP', 'None']);
  } else {
    const seconds = numberAt(objectAt(objectAt(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds') ?? 0;
    if (seconds > 0 && seconds <= 86_400) return;
    const field = 'spec.sessionAffinityConfig.clientIP.timeoutSeconds';
    causes.invalid(field, seconds, 'must be greater than 0 and less than 86400');
  }
}

function validateClusterIps(causes: Causes, spec: JsonObject, type: string): void {
  const address = stringAt(spec, 'clusterIP') ?? '';
  if (type === 'ExternalName' || address === '' || address === 'None') return;
  if (isIP(address) === 0) causes.invalid('spec.clusterIPs[0]', address, IP_TEXT);
  const [first] = stringsAt(spec, 'clusterIPs');
  if (first !== undefined && first !== address) {
    causes.invalid('spec.clusterIPs', stringsAt(spec, 'clusterIPs'), 'first value must match `clusterIP`');
  }
}

function validateNodePorts(causes: Causes, ports: readonly JsonObject[], type: string): void {
  const seen = new Set<string>();
  ports.forEach((port, index) => {
    const nodePort = numberAt(port, 'nodePort') ?? 0;
    if (nodePort === 0) return;
    const field = `spec.ports[${index}].nodePort`;
    if (type === 'ClusterIP') causes.forbidden(field, "may not be used when `type` is 'ClusterIP'");
    const key = `${stringAt(port, 'protocol')}/${nodePort}`;
    if (seen.has(key)) causes.duplicate(field, nodePort);
    seen.add(key);
  });
}

function validateUniquePorts(causes: Causes, ports: readonly JsonObject[]): void {
  const seen = new Set<string>();
  ports.forEach((port, index) => {
    const protocol = stringAt(port, 'protocol') ?? '';
    const number = numberAt(port, 'port') ?? 0;
    const key = `${protocol}/${number}`;
    if (seen.has(key)) causes.duplicate(`spec.ports[${index}]`, { port: number, protocol });
    seen.add(key);
  });
}

function validateTrafficPolicies(causes: Causes, spec: JsonObject, type: string): void {
  const supported = ['Cluster', 'Local'];
  const internal = stringAt(spec, 'internalTrafficPolicy');
  if (internal !== undefined && !supported.includes(internal)) {
    causes.notSupported('spec.internalTrafficPolicy', internal, supported);
  }
  const external = stringAt(spec, 'externalTrafficPolicy') ?? '';
  const reachable = type === 'NodePort' || type === 'LoadBalancer' || stringsAt(spec, 'externalIPs').length > 0;
  if (external === '') return;
  if (!reachable) {
    causes.invalid('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services');
  } else if (!supported.includes(external)) {
    causes.notSupported('spec.externalTrafficPolicy', external, supported);
  }
}
