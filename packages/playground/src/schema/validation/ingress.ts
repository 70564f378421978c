import { isIP } from 'node:net';
import {
  dns1035LabelProblems,
  dnsSubdomainProblems,
  pathSegmentProblems,
  portNameProblems,
  portNumberProblems,
  wildcardSubdomainProblems,
} from '../../name-rules.js';
import type { Causes } from '../causes.js';
import { isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt, stringsAt } from '../json.js';

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const FORBIDDEN_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const FORBIDDEN_SUFFIXES = ['/..', '/.'];
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];

/** As k8s.io/kubernetes, pkg/apis/networking/validation (1.34), for a create (`old` undefined) or an update. */
export function validateIngress(causes: Causes, ingress: JsonObject, old: JsonObject | undefined): void {
  const spec = objectAt(ingress, 'spec');
  const rules = objectsAt(spec, 'rules');
  if (rules.length === 0 && spec.defaultBackend === undefined) {
    causes.invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified');
  }
  if (isObject(spec.defaultBackend)) validateBackend(causes, 'spec.defaultBackend', spec.defaultBackend);
  rules.forEach((rule, index) => {
    validateRule(causes, `spec.rules[${index}]`, rule);
  });
  objectsAt(spec, 'tls').forEach((tls, index) => {
    validateTls(causes, `spec.tls[${index}]`, tls);
  });
  const className = stringAt(spec, 'ingressClassName');
  if (className !== undefined) {
    causes.invalidEach('spec.ingressClassName', className, dnsSubdomainProblems(className));
  }
  const annotated = stringAt(objectAt(objectAt(ingress, 'metadata'), 'annotations'), CLASS_ANNOTATION);
  if (old === undefined && annotated !== undefined && className !== undefined && annotated !== className) {
    const field = `annotations.${CLASS_ANNOTATION}`;
    causes.invalid(field, annotated, 'must match `ingressClassName` when both are specified');
  }
}

function validateRule(causes: Causes, field: string, rule: JsonObject): void {
  const host = stringAt(rule, 'host') ?? '';
  if (host !== '') {
    if (isIP(host) !== 0) causes.invalid(`${field}.host`, host, 'must be a DNS name, not an IP address');
    causes.invalidEach(`${field}.host`, host, hostProblems(host));
  }
  if (!isObject(rule.http)) return;
  const paths = objectsAt(rule.http, 'paths');
  if (paths.length === 0) causes.required(`${field}.http.paths`);
  paths.forEach((path, index) => {
    validatePath(causes, `${field}.http.paths[${index}]`, path);
  });
}

function hostProblems(host: string): readonly string[] {
  return host.includes('*') ? wildcardSubdomainProblems(host) : dnsSubdomainProblems(host);
}

function validatePath(causes: Causes, field: string, rule: JsonObject): void {
  const pathType = stringAt(rule, 'pathType');
  const path = stringAt(rule, 'path') ?? '';
  if (pathType === undefined) {
    causes.required(`${field}.pathType`, 'pathType must be specified');
    return;
  }
  if (!PATH_TYPES.includes(pathType)) causes.notSupported(`${field}.pathType`, pathType, PATH_TYPES);
  else if (pathType !== 'ImplementationSpecific') validateStrictPath(causes, `${field}.path`, path);
  else if (path !== '' && !path.startsWith('/')) causes.invalid(`${field}.path`, path, 'must be an absolute path');
  validateBackend(causes, `${field}.backend`, objectAt(rule, 'backend'));
}

function validateStrictPath(causes: Causes, field: string, path: string): void {
  if (!path.startsWith('/')) causes.invalid(field, path, 'must be an absolute path');
  for (const sequence of FORBIDDEN_SEQUENCES) {
    if (path.includes(sequence)) causes.invalid(field, path, `must not contain '${sequence}'`);
  }
  for (const suffix of FORBIDDEN_SUFFIXES) {
    if (path.endsWith(suffix)) causes.invalid(field, path, `cannot end with '${suffix}'`);
  }
}

function validateBackend(causes: Causes, field: string, backend: JsonObject): void {
  const { resource, service } = backend;
  if (isObject(resource) && isObject(service)) {
    causes.invalid(field, '', 'cannot set both resource and service backends');
  } else if (isObject(resource)) {
    validateReference(causes, `${field}.resource`, resource);
  } else if (isObject(service)) {
    validateServiceBackend(causes, field, service);
  } else {
    causes.invalid(field, '', 'resource or service backend is required');
  }
}

function validateServiceBackend(causes: Causes, field: string, service: JsonObject): void {
  const name = stringAt(service, 'name') ?? '';
  if (name === '') causes.required(`${field}.service.name`);
  else causes.invalidEach(`${field}.service.name`, name, dns1035LabelProblems(name));
  const port = objectAt(service, 'port');
  const portName = stringAt(port, 'name') ?? '';
  const portNumber = numberAt(port, 'number') ?? 0;
  if (portName !== '' && portNumber !== 0) causes.invalid(field, '', 'cannot set both port name & port number');
  else if (portName !== '') causes.invalidEach(`${field}.service.port.name`, portName, portNameProblems(portName));
  else if (portNumber !== 0) {
    causes.invalidEach(`${field}.service.port.number`, portNumber, portNumberProblems(portNumber));
  } else causes.required(field, 'port name or number is required');
}

/** A reference to an object of any kind, by group, kind and name. */
export function validateReference(causes: Causes, field: string, reference: JsonObject): void {
  const group = stringAt(reference, 'apiGroup');
  if (group !== undefined) causes.invalidEach(`${field}.apiGroup`, group, dnsSubdomainProblems(group));
  for (const key of ['kind', 'name']) {
    const value = stringAt(reference, key) ?? '';
    if (value === '') causes.required(`${field}.${key}`);
    else causes.invalidEach(`${field}.${key}`, value, pathSegmentProblems(value));
  }
}

function validateTls(causes: Causes, field: string, tls: JsonObject): void {
  stringsAt(tls, 'hosts').forEach((host, index) => {
    causes.invalidEach(`${field}.hosts[${index}]`, host, hostProblems(host));
  });
  const secretName = stringAt(tls, 'secretName') ?? '';
  if (secretName !== '') causes.invalidEach(`${field}.secretName`, secretName, dnsSubdomainProblems(secretName));
}

/** `status.loadBalancer.ingress[]`: addresses, and per port an error as a CamelCase reason, with a domain before it if need be. */
export function validateIngressStatus(causes: Causes, ingress: JsonObject): void {
  const balancer = objectAt(objectAt(ingress, 'status'), 'loadBalancer');
  objectsAt(balancer, 'ingress').forEach((point, index) => {
    const field = `status.loadBalancer.ingress[${index}]`;
    validateLoadBalancerPoint(causes, field, point);
    objectsAt(point, 'ports').forEach((port, portIndex) => {
      validatePortStatus(causes, `${field}.ports[${portIndex}]`, port);
    });
  });
}

export function validateLoadBalancerPoint(causes: Causes, field: string, point: JsonObject): void {
  const address = stringAt(point, 'ip') ?? '';
  const hostname = stringAt(point, 'hostname') ?? '';
  if (address !== '' && isIP(address) === 0) causes.invalid(`${field}.ip`, address, IP_TEXT);
  if (hostname === '') return;
  causes.invalidEach(`${field}.hostname`, hostname, dnsSubdomainProblems(hostname));
  if (isIP(hostname) !== 0) causes.invalid(`${field}.hostname`, hostname, 'must be a DNS name, not an IP address');
}

export const IP_TEXT = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/**
 * kube-apiserver checks the `error` of no Ingress (the marks in kubernetes/api are for custom resources and documentation),
 * so a bad one would only be found on a server that does; here it is refused.
 */
function validatePortStatus(causes: Causes, field: string, port: JsonObject): void {
  const error = stringAt(port, 'error');
  const pattern =
    '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$';
  if (error !== undefined && (error.length > 316 || !new RegExp(pattern).test(error))) {
    causes.invalid(`${field}.error`, error, `must match '${pattern}' and have at most 316 characters`);
  }
  const protocol = stringAt(port, 'protocol');
  if (protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(protocol)) {
    causes.notSupported(`${field}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']);
  }
}
