import fc from 'fast-check';
import type { RouterCapabilities } from '../capabilities.js';
import type { CompilerOptions } from '../compilation.js';
import type { Ingress, IngressBackend, IngressPath, Service, ServicePort } from '../kubernetes.js';
import { OCTAVIA } from '../octavia.fixture.js';

export const OPTIONS: CompilerOptions = {
  controllerName: 'kuryr.openstack.org/l7-router',
  ingressClass: 'kuryr',
  handleClassless: true,
  hostOwnership: true,
};

/** Octavia, but each path has a policy of its own, which is easier to read in a test. */
export const OCTAVIA_LIKE: RouterCapabilities = { ...OCTAVIA, sharedPolicies: false };

/** Octavia with shorter values, so that not all hosts and paths can share policies. */
export const SHARING: RouterCapabilities = { ...OCTAVIA, maxRuleValueLength: 40 };

export type IngressSpec = NonNullable<Ingress['spec']>;
export type IngressRule = NonNullable<IngressSpec['rules']>[number];

/** @param age the greater, the older */
export function ingress(key: string, spec: IngressSpec, age = 0): Ingress {
  const [namespace = '', name = ''] = key.split('/');
  const creationTimestamp = new Date(Date.UTC(2025, 0, 30 - age)).toISOString();
  return { metadata: { namespace, name, creationTimestamp }, spec };
}

export function service(key: string, ports: readonly ServicePort[] = [{ port: 80 }], type = 'ClusterIP'): Service {
  const [namespace = '', name = ''] = key.split('/');
  return { metadata: { namespace, name }, spec: { type, ports } };
}

export function toService(name: string, port: number | string = 80): IngressBackend {
  return { service: { name, port: typeof port === 'number' ? { number: port } : { name: port } } };
}

export function path(text: string, pathType: string, backend: IngressBackend = toService('web')): IngressPath {
  return { path: text, pathType, backend };
}

export function rule(host: string | undefined, ...paths: readonly IngressPath[]): IngressRule {
  return { ...(host !== undefined && { host }), ...(paths.length > 0 && { http: { paths } }) };
}

const NAMESPACES = ['a', 'b'];
const HOSTS = [undefined, '', 'w.x', 'v.x', 'x', '*.x', 'u.w.x', '*.w.x'];
const PATHS = ['/', '/a', '/a/', '/a/b', '/a/b/', '/ab', '/b', '/A'];

const arbitraryBackend: fc.Arbitrary<IngressBackend> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.constantFrom('s', 't', 'u'), fc.constantFrom<number | string>(80, 81, 'http'))
      .map(([name, port]) => toService(name, port)),
  },
  { weight: 1, arbitrary: fc.constant({ resource: { kind: 'Bucket', name: 'files' } }) },
);

const arbitraryPath: fc.Arbitrary<IngressPath> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.constantFrom(...PATHS), fc.constantFrom('Exact', 'Prefix', 'ImplementationSpecific'), arbitraryBackend)
      .map(([text, type, backend]) => path(text, type, backend)),
  },
  { weight: 1, arbitrary: arbitraryBackend.map((backend) => ({ pathType: 'ImplementationSpecific', backend })) },
);

const arbitraryRule: fc.Arbitrary<IngressRule> = fc
  .tuple(fc.constantFrom(...HOSTS), fc.array(arbitraryPath, { maxLength: 3 }))
  .map(([host, paths]) => rule(host, ...paths));

const arbitrarySpec: fc.Arbitrary<IngressSpec> = fc
  .tuple(fc.array(arbitraryRule, { maxLength: 3 }), fc.option(arbitraryBackend, { nil: undefined, freq: 2 }))
  .map(([rules, defaultBackend]) => ({
    ...(rules.length > 0 && { rules }),
    ...(defaultBackend && { defaultBackend }),
  }));

/** Few names, hosts, paths and ages, so that Ingresses often ask for the same. */
export const arbitraryIngress: fc.Arbitrary<Ingress> = fc
  .tuple(fc.constantFrom(...NAMESPACES), fc.constantFrom('i', 'j', 'k', 'l'), arbitrarySpec, fc.nat(2))
  .map(([namespace, name, spec, age]) => ingress(`${namespace}/${name}`, spec, age));

const arbitraryPorts: fc.Arbitrary<readonly ServicePort[]> = fc.constantFrom<readonly ServicePort[]>(
  [{ port: 80 }],
  [{ port: 81, name: 'http' }],
  [
    { port: 80, name: 'http' },
    { port: 81, name: 'admin', protocol: 'TCP' },
  ],
  [
    { port: 80, name: 'http', protocol: 'TCP' },
    { port: 81, name: 'dns', protocol: 'UDP' },
  ],
  [
    { port: 80, name: 'udp', protocol: 'UDP' },
    { port: 80, name: 'http', protocol: 'TCP' },
  ],
  [],
);

export const arbitraryService: fc.Arbitrary<Service> = fc
  .tuple(
    fc.constantFrom(...NAMESPACES),
    fc.constantFrom('s', 't', 'u'),
    arbitraryPorts,
    fc.constantFrom('ClusterIP', 'ClusterIP', 'ExternalName'),
  )
  .map(([namespace, name, ports, type]) => service(`${namespace}/${name}`, ports, type));

const keyOf = ({ metadata }: Ingress | Service): string => `${metadata.namespace}/${metadata.name}`;

export const arbitraryIngresses = fc.uniqueArray(arbitraryIngress, { selector: keyOf, maxLength: 6 });
export const arbitraryServices = fc.uniqueArray(arbitraryService, { selector: keyOf, maxLength: 6 });

export const arbitraryRequest: fc.Arbitrary<{ readonly host: string; readonly path: string }> = fc.record({
  host: fc.constantFrom(
    'w.x',
    'W.X:8080',
    'v.x',
    'q.x',
    'Q.X',
    'x',
    'x:80',
    'u.w.x',
    'q.w.x:1',
    'q.q.x',
    'elsewhere',
    'w.x.',
    'u.w.x.',
    '',
  ),
  path: fc.constantFrom('/', '/a', '/a/', '/a/b', '/a/b/', '/a/b/c', '/abc', '/ab', '/b', '/A', '//a', '/a//b', '/c'),
});
