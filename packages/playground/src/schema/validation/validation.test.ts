import { describe, expect, it } from '@jest/globals';
import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import { BUILT_IN_RESOURCES } from '../../api-server/resources.js';
import { withKindDefaults } from '../defaults/index.js';
import type { JsonObject } from '../json.js';
import { resourceSchema } from '../resource-schema.js';
import { validateKind } from './index.js';

function definition(kind: string, group?: string): ResourceDefinition {
  const found = BUILT_IN_RESOURCES.find((each) => each.kind === kind && (group === undefined || each.group === group));
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

/** `field: message` of every cause, after defaults. */
function causesOf(resource: ResourceDefinition, object: JsonObject, old?: JsonObject, subresource = ''): string[] {
  const schema = resourceSchema(resource);
  const filled = withKindDefaults(resource, schema, object, old);
  const causes = validateKind(resource, schema, filled, old, subresource);
  return causes.map(({ field, message }) => `${field}: ${message}`);
}

const SERVICE_BACKEND = { service: { name: 'web', port: { number: 80 } } };
const withPath = (path: JsonObject): JsonObject => ({
  spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: SERVICE_BACKEND, ...path }] } }] },
});
const withHost = (host: string): JsonObject => ({ spec: { rules: [{ host }] } });
const PATH = 'spec.rules[0].http.paths[0]';
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

describe('an Ingress', () => {
  const ingress = definition('Ingress');

  it.each<[string, JsonObject]>([
    ['a path of each type', withPath({})],
    ['an empty path without promises', withPath({ path: '', pathType: 'ImplementationSpecific' })],
    ['a strange path without promises', withPath({ path: '/a//b/../%2f', pathType: 'ImplementationSpecific' })],
    ['a wildcard', withHost('*.example.com')],
    ['a rule without paths', withHost('a.example.com')],
    ['a default backend alone', { spec: { defaultBackend: SERVICE_BACKEND } }],
    ['a resource backend', { spec: { defaultBackend: { resource: { kind: 'Bucket', name: 'b' } } } }],
    ['a port by name', withPath({ backend: { service: { name: 'web', port: { name: 'http' } } } })],
  ])('may have %s', (_, object) => {
    expect(causesOf(ingress, object)).toEqual([]);
  });

  it.each<[string, JsonObject, string[]]>([
    ['nothing', { spec: {} }, ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']],
    [
      'no path type',
      withPath({ pathType: undefined }),
      [`${PATH}.pathType: Required value: pathType must be specified`],
    ],
    [
      'another path type',
      withPath({ pathType: 'Regex' }),
      [`${PATH}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`],
    ],
    ['a relative path', withPath({ path: 'a' }), [`${PATH}.path: Invalid value: "a": must be an absolute path`]],
    ['no path', withPath({ path: '' }), [`${PATH}.path: Invalid value: "": must be an absolute path`]],
    ['two slashes', withPath({ path: '/a//b' }), [`${PATH}.path: Invalid value: "/a//b": must not contain '//'`]],
    [
      'a dot segment',
      withPath({ path: '/a/./b', pathType: 'Exact' }),
      [`${PATH}.path: Invalid value: "/a/./b": must not contain '/./'`],
    ],
    [
      'an encoded slash',
      withPath({ path: '/a%2Fb' }),
      [`${PATH}.path: Invalid value: "/a%2Fb": must not contain '%2F'`],
    ],
    ['dots at the end', withPath({ path: '/a/..' }), [`${PATH}.path: Invalid value: "/a/..": cannot end with '/..'`]],
    [
      'an empty list of paths',
      { spec: { rules: [{ http: { paths: [] } }] } },
      ['spec.rules[0].http.paths: Required value'],
    ],
    [
      'an address as host',
      withHost('1.2.3.4'),
      ['spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address'],
    ],
    ['a host with a port', withHost('a:80'), [`spec.rules[0].host: Invalid value: "a:80": ${SUBDOMAIN}`]],
    [
      'a host in capitals',
      withHost('A.example.com'),
      [`spec.rules[0].host: Invalid value: "A.example.com": ${SUBDOMAIN}`],
    ],
    [
      'no backend',
      withPath({ backend: {} }),
      [`${PATH}.backend: Invalid value: "": resource or service backend is required`],
    ],
    [
      'both backends',
      withPath({ backend: { ...SERVICE_BACKEND, resource: {} } }),
      [`${PATH}.backend: Invalid value: "": cannot set both resource and service backends`],
    ],
    [
      'no port',
      withPath({ backend: { service: { name: 'web' } } }),
      [`${PATH}.backend: Required value: port name or number is required`],
    ],
    [
      'a port by name and number',
      withPath({ backend: { service: { name: 'web', port: { name: 'a', number: 1 } } } }),
      [`${PATH}.backend: Invalid value: "": cannot set both port name & port number`],
    ],
    [
      'a port out of range',
      withPath({ backend: { service: { name: 'web', port: { number: 70_000 } } } }),
      [`${PATH}.backend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive`],
    ],
    [
      'two classes',
      {
        metadata: { annotations: { 'kubernetes.io/ingress.class': 'a' } },
        spec: { ingressClassName: 'b', defaultBackend: SERVICE_BACKEND },
      },
      [
        'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified',
      ],
    ],
    [
      'a bad TLS host',
      { spec: { defaultBackend: SERVICE_BACKEND, tls: [{ hosts: ['a_b'] }] } },
      [`spec.tls[0].hosts[0]: Invalid value: "a_b": ${SUBDOMAIN}`],
    ],
  ])('is refused with %s', (_, object, causes) => {
    expect(causesOf(ingress, object)).toEqual(causes);
  });

  it.each(['*', '*.*.example.com', 'a.*.example.com'])('is refused with the wildcard %s', (host) => {
    expect(causesOf(ingress, withHost(host))).toEqual([
      expect.stringContaining("a wildcard DNS-1123 subdomain must start with '*.'"),
    ]);
  });

  it('has a status of addresses, with errors as reasons', () => {
    const status = (point: JsonObject) => ({ status: { loadBalancer: { ingress: [point] } } });
    const port = { port: 80, protocol: 'TCP', error: 'example.com/ServiceNotFound' };
    expect(causesOf(ingress, status({ ip: '10.0.0.1', ports: [port] }), {}, 'status')).toEqual([]);
    expect(causesOf(ingress, status({ ip: 'x' }), {}, 'status')).toEqual([
      expect.stringContaining('must be a valid IP address'),
    ]);
    expect(causesOf(ingress, status({ hostname: '10.0.0.1' }), {}, 'status')).toEqual([
      'status.loadBalancer.ingress[0].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ]);
    const sentence = { ...port, error: 'no such service' };
    expect(causesOf(ingress, status({ ports: [sentence] }), {}, 'status')).toEqual([
      expect.stringContaining('ports[0].error'),
    ]);
  });
});

describe('an IngressClass', () => {
  const ingressClass = definition('IngressClass');
  it.each<[JsonObject, string[]]>([
    [{ controller: 'example.com/c' }, []],
    [{}, ['spec.controller: Required value']],
    [
      { controller: 'c' },
      ['spec.controller: Invalid value: "c": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [{ controller: `a/${'b'.repeat(250)}` }, ['spec.controller: Too long: may not be more than 250 bytes']],
    [
      { controller: 'a/b', parameters: { kind: 'K', name: 'n', scope: 'Namespace' } },
      ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      { controller: 'a/b', parameters: { kind: 'K', name: 'n', namespace: 'x' } },
      ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ],
  ])('%j', (spec, causes) => {
    expect(causesOf(ingressClass, { spec })).toEqual(causes);
  });

  it('keeps its controller', () => {
    expect(causesOf(ingressClass, { spec: { controller: 'a/b' } }, { spec: { controller: 'a/c' } })).toEqual([
      'spec.controller: Invalid value: "a/b": field is immutable',
    ]);
  });
});

describe('a Service', () => {
  const service = definition('Service');
  it.each<[string, JsonObject, string[]]>([
    ['ports', { ports: [{ port: 80 }] }, []],
    ['no ports and no address', { clusterIP: 'None' }, []],
    ['an external name', { type: 'ExternalName', externalName: 'example.com.' }, []],
    ['no ports', {}, ['spec.ports: Required value']],
    [
      'a bad port',
      { ports: [{ port: 0 }] },
      [
        'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
      ],
    ],
    ['nameless ports', { ports: [{ port: 1 }, { port: 2, name: 'b' }] }, ['spec.ports[0].name: Required value']],
    [
      'a name twice',
      {
        ports: [
          { port: 1, name: 'a' },
          { port: 2, name: 'a' },
        ],
      },
      ['spec.ports[1].name: Duplicate value: "a"'],
    ],
    [
      'a port twice',
      {
        ports: [
          { port: 1, name: 'a' },
          { port: 1, name: 'b' },
        ],
      },
      ['spec.ports[1]: Duplicate value: {"port":1,"protocol":"TCP"}'],
    ],
    [
      'another type',
      { type: 'Router', ports: [{ port: 1 }] },
      [
        'spec.type: Unsupported value: "Router": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    ['no external name', { type: 'ExternalName' }, ['spec.externalName: Required value']],
    [
      'a node port without the type',
      { ports: [{ port: 1, nodePort: 30_000 }] },
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      'a headless node port',
      { type: 'NodePort', clusterIP: 'None', ports: [{ port: 1 }] },
      ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
    ],
    [
      'a bad target',
      { ports: [{ port: 1, targetPort: '80' }] },
      ['spec.ports[0].targetPort: Invalid value: "80": must contain at least one letter (a-z)'],
    ],
  ])('with %s', (_, spec, causes) => {
    expect(causesOf(service, { spec })).toEqual(causes);
  });

  it('keeps its address', () => {
    const spec = (clusterIP: string) => ({ spec: { type: 'ClusterIP', clusterIP, ports: [{ port: 1 }] } });
    expect(causesOf(service, spec('10.0.0.2'), spec('10.0.0.1'))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set',
    ]);
  });
});

const podTemplate = (labels: JsonObject, container: JsonObject = {}, spec: JsonObject = {}): JsonObject => ({
  metadata: { labels },
  spec: { containers: [{ name: 'a', image: 'a', ...container }], ...spec },
});
const deploymentOf = (spec: JsonObject): JsonObject => ({
  spec: { selector: { matchLabels: { a: 'b' } }, template: podTemplate({ a: 'b' }), ...spec },
});

describe('a Deployment', () => {
  const deployment = definition('Deployment');
  const SPEC = 'spec.template.spec';
  it.each<[string, JsonObject, string[]]>([
    ['its template', {}, []],
    ['no selector', { selector: undefined }, ['spec.selector: Required value']],
    [
      'an empty selector',
      { selector: {} },
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'other labels',
      { template: podTemplate({ a: 'c' }) },
      ['spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`'],
    ],
    [
      'fewer than no replicas',
      { replicas: -1 },
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'another strategy',
      { strategy: { type: 'Blue' } },
      ['spec.strategy.type: Unsupported value: "Blue": supported values: "Recreate", "RollingUpdate"'],
    ],
    [
      'a standstill',
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } },
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0'],
    ],
    [
      'a Recreate that rolls',
      { strategy: { type: 'Recreate', rollingUpdate: {} } },
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
    [
      'no containers',
      { template: { metadata: { labels: { a: 'b' } } } },
      [
        `${SPEC}.containers: Required value`,
        `${SPEC}.restartPolicy: Unsupported value: "": supported values: "Always"`,
        `${SPEC}.dnsPolicy: Unsupported value: "": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"`,
      ],
    ],
    [
      'Pods that end',
      { template: podTemplate({ a: 'b' }, {}, { restartPolicy: 'Never' }) },
      [`${SPEC}.restartPolicy: Unsupported value: "Never": supported values: "Always"`],
    ],
    ['no image', { template: podTemplate({ a: 'b' }, { image: '' }) }, [`${SPEC}.containers[0].image: Required value`]],
    [
      'no container port',
      { template: podTemplate({ a: 'b' }, { ports: [{ name: 'http' }] }) },
      [`${SPEC}.containers[0].ports[0].containerPort: Required value`],
    ],
    [
      'an unknown volume',
      { template: podTemplate({ a: 'b' }, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }) },
      [`${SPEC}.containers[0].volumeMounts[0].name: Not found: "v"`],
    ],
    [
      'a probe of nothing',
      { template: podTemplate({ a: 'b' }, { readinessProbe: {} }) },
      [`${SPEC}.containers[0].readinessProbe: Required value: must specify a handler type`],
    ],
  ])('with %s', (_, spec, causes) => {
    expect(causesOf(deployment, deploymentOf(spec))).toEqual(causes);
  });

  it('keeps its selector', () => {
    const changed = { selector: { matchLabels: { c: 'd' } }, template: podTemplate({ c: 'd' }) };
    expect(causesOf(deployment, deploymentOf(changed), deploymentOf({}))).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"c":"d"}}: field is immutable',
    ]);
  });

  it('understands expressions in its selector', () => {
    const expression = (operator: string, values?: string[]) =>
      causesOf(
        deployment,
        deploymentOf({ selector: { matchExpressions: [{ key: 'a', operator, ...(values ? { values } : {}) }] } }),
      );
    expect(expression('In', ['b'])).toEqual([]);
    expect(expression('Exists')).toEqual([]);
    expect(expression('NotIn', ['b'])).toEqual([expect.stringContaining('does not match template')]);
    expect(expression('DoesNotExist')).toEqual([expect.stringContaining('does not match template')]);
    expect(expression('In')[0]).toContain(
      "values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    );
  });
});

describe('a Pod', () => {
  const pod = definition('Pod');
  const stored = withKindDefaults(pod, resourceSchema(pod), podTemplate({}), undefined);
  const changed = (spec: JsonObject) =>
    causesOf(pod, { ...stored, spec: { ...(stored.spec as JsonObject), ...spec } }, stored);

  it('may get another image, and a node once', () => {
    expect(causesOf(pod, podTemplate({}, { image: 'b', imagePullPolicy: 'Always' }), stored)).toEqual([]);
    expect(changed({ nodeName: 'n' })).toEqual([]);
  });

  it('may not change otherwise', () => {
    expect(changed({ hostNetwork: true })).toEqual([
      expect.stringContaining('spec: Forbidden: pod updates may not change fields other than'),
    ]);
  });
});

describe('an EndpointSlice', () => {
  const slice = definition('EndpointSlice');
  const withAddress = (...addresses: string[]): JsonObject => ({ addressType: 'IPv4', endpoints: [{ addresses }] });

  it('may have loopback addresses here: they are where the playground has its Pods', () => {
    expect(causesOf(slice, withAddress('127.0.0.1'))).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [withAddress('a'), 'endpoints[0].addresses[0]: Invalid value: "a": must be a valid IPv4 address'],
    [withAddress('::1'), 'endpoints[0].addresses[0]: Invalid value: "::1": must be a valid IPv4 address'],
    [
      withAddress('169.254.0.1'),
      'endpoints[0].addresses[0]: Invalid value: "169.254.0.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    ],
    [withAddress(), 'endpoints[0].addresses: Required value: must contain at least 1 address'],
    [{}, 'addressType: Required value'],
    [{ addressType: 'IP' }, 'addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"'],
    [{ addressType: 'IPv4', ports: [{ port: 1 }, { port: 2 }] }, 'ports[1].name: Duplicate value: ""'],
  ])('%j is refused', (object, cause) => {
    expect(causesOf(slice, object)).toEqual([cause]);
  });

  it('keeps its address type', () => {
    expect(causesOf(slice, { addressType: 'IPv6' }, { addressType: 'IPv4' })).toEqual([
      'addressType: Invalid value: "IPv6": field is immutable',
    ]);
  });
});

describe('other kinds', () => {
  it.each<[string, string, JsonObject, JsonObject | undefined, string[]]>([
    [
      'a TLS Secret without its key',
      'Secret',
      { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
      undefined,
      ['data[tls.key]: Required value'],
    ],
    [
      'a Secret that changes its type',
      'Secret',
      { type: 'b' },
      { type: 'a' },
      ['type: Invalid value: "b": field is immutable'],
    ],
    [
      'an immutable Secret',
      'Secret',
      { immutable: true, data: { a: 'Yg==' } },
      { type: 'Opaque', immutable: true },
      ['data: Forbidden: field is immutable when `immutable` is set'],
    ],
    [
      'a key that is no file name',
      'ConfigMap',
      { data: { '..': '' } },
      undefined,
      ['data[..]: Invalid value: "..": must not be \'..\''],
    ],
    [
      'a Lease of no time',
      'Lease',
      { spec: { leaseDurationSeconds: 0 } },
      undefined,
      ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
    ],
    [
      'Endpoints without addresses',
      'Endpoints',
      { subsets: [{ ports: [{ port: 1 }] }] },
      undefined,
      ['subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`'],
    ],
  ])('%s', (_, kind, object, old, causes) => {
    expect(causesOf(definition(kind), object, old)).toEqual(causes);
  });

  it('an Event says what, when and who', () => {
    const event = definition('Event', 'events.k8s.io');
    const metadata = { name: 'e', namespace: 'default' };
    expect(causesOf(event, { metadata }).map((cause) => cause.split(':')[0])).toEqual([
      'eventTime',
      'reportingController',
      'reportingInstance',
      'action',
      'reason',
      'type',
    ]);
    expect(causesOf(definition('Event', ''), { metadata, involvedObject: { namespace: 'other' } })).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ]);
  });

  it('a CustomResourceDefinition is named by its plural and group, and has a schema', () => {
    const spec = {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'routes', kind: 'Route' },
      versions: [{ name: 'v1', storage: true }],
    };
    expect(causesOf(definition('CustomResourceDefinition'), { metadata: { name: 'x' }, spec })).toEqual([
      'metadata.name: Invalid value: "x": must be spec.names.plural+"."+spec.group',
      'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
    ]);
  });

  it('a custom resource is checked by its own schema', () => {
    const property = (schema: JsonObject) => ({ type: 'object', required: ['r'], properties: { a: schema } });
    const causes = (schema: JsonObject, a: JsonObject[string]) => {
      const custom = {
        ...definition('Ingress'),
        group: 'example.com',
        custom: { schema: property(schema), printerColumns: [] },
      };
      return causesOf(custom, { r: 1, a });
    };
    expect(causes({ type: 'integer' }, 'x')).toEqual([
      'a: Invalid value: "string": a in body must be of type integer: "string"',
    ]);
    expect(causes({ type: 'string', enum: ['x', 'y'] }, 'z')).toEqual([
      'a: Unsupported value: "z": supported values: "x", "y"',
    ]);
    expect(causes({ type: 'string', minLength: 1 }, '')).toEqual([
      'a: Invalid value: "": a in body should be at least 1 chars long',
    ]);
    expect(causes({ type: 'array', items: { type: 'string' } }, [1])).toEqual([
      'a[0]: Invalid value: "number": a[0] in body must be of type string: "number"',
    ]);
    expect(causes({ 'x-kubernetes-int-or-string': true }, '25%')).toEqual([]);
    expect(causes({ 'x-kubernetes-preserve-unknown-fields': true }, { any: ['thing'] })).toEqual([]);
  });
});
