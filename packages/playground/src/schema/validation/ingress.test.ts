import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../json.js';
import { causesOf, definition } from './causes.fixture.js';

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
