import { describe, expect, it } from '@jest/globals';
import {
  applyChange,
  compileRouter,
  countWrites,
  type EndpointSlice,
  emptyRouter,
  type Ingress,
  plan,
  type Router,
  type Service,
} from '@kuryr-l7/router';
import { octaviaCapabilities } from '../capabilities.js';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;
const CAPABILITIES = octaviaCapabilities();

/** A host with its paths, each as `/shop -> web`. */
type Routes = Readonly<Record<string, readonly string[]>>;

/** One Ingress for each host; each Service that is named has that many endpoints. */
function cluster(routes: Routes, endpoints = 2): Router {
  const ingresses = Object.entries(routes).map(([host, paths]): Ingress => {
    const http = {
      paths: paths.map((route) => {
        const [path = '', name = ''] = route.split(' -> ');
        return { path, pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } };
      }),
    };
    return { metadata: { namespace: 'shop', name: host }, spec: { rules: [{ host, http }] } };
  });
  const names = [
    ...new Set(Object.values(routes).flatMap((paths) => paths.map((route) => route.split(' -> ')[1] ?? ''))),
  ];
  const services = names.map(
    (name): Service => ({ metadata: { namespace: 'shop', name }, spec: { ports: [{ port: 80 }] } }),
  );
  const endpointSlices = names.map(
    (name): EndpointSlice => ({
      metadata: { namespace: 'shop', name, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: Array.from({ length: endpoints }, (_, index) => ({ addresses: [`10.1.0.${index + 1}`] })),
      ports: [{ port: 8080 }],
    }),
  );
  const options = { controllerName: 'x', ingressClass: 'x', handleClassless: true, hostOwnership: true };
  const objects = { ingresses, services, ingressClasses: [], endpointSlices };
  return compileRouter(objects, options, CAPABILITIES, [LISTENER], 'IPv4').router;
}

function writesFor(before: Router | undefined, after: Router): number {
  const nothing = emptyRouter([LISTENER]);
  const there = before === undefined ? nothing : plan(before, nothing, CAPABILITIES).reduce(applyChange, nothing);
  return countWrites(plan(after, there, CAPABILITIES), CAPABILITIES);
}

const SHOP: Routes = { 'a.example': ['/shop -> web'] };

const shared = (a: string, b: string): Router =>
  cluster({ 'h.example': [`/a -> ${a}`, `/b -> ${b}`], 'c.example': ['/ -> blog'], 'd.example': ['/ -> web'] });
const SHARED = shared('web', 'web');

describe('the writes to Octavia', () => {
  it.each<[string, number, Router | undefined, Router]>([
    ['the first Ingress, 1 host, 1 path, new Service', 5, undefined, cluster(SHOP)],
    [
      'another host-only Ingress (`/`), new Service',
      4,
      cluster(SHOP),
      cluster({ ...SHOP, 'b.example': ['/ -> blog'] }),
    ],
    [
      'another path of a host, new Service',
      5,
      cluster(SHOP),
      cluster({ 'a.example': ['/shop -> web', '/zoo -> zoo'] }),
    ],
    ['10 endpoints that change at once', 1, cluster(SHOP, 2), cluster(SHOP, 12)],
    ['nothing changed', 0, cluster(SHOP), cluster(SHOP)],
    [
      'the Service of a path switched',
      1,
      cluster({ ...SHOP, 'b.example': ['/zoo -> web'], 'c.example': ['/ -> blog'] }),
      cluster({ ...SHOP, 'b.example': ['/zoo -> blog'], 'c.example': ['/ -> blog'] }),
    ],
    [
      'the Service of a path switched, and the old pool goes with its last policy',
      2,
      cluster({ ...SHOP, 'b.example': ['/ -> blog'] }),
      cluster({ 'a.example': ['/shop -> blog'], 'b.example': ['/ -> blog'] }),
    ],
    [
      'the Service of a path switched to a new one, and the old pool goes with its last policy',
      4,
      cluster(SHOP),
      cluster({ 'a.example': ['/shop -> blog'] }),
    ],
    ['the Service of 1 of 2 paths that share a policy switched', 5, SHARED, shared('blog', 'web')],
    ['the Service of the path switched that such a policy is named after', 6, SHARED, shared('web', 'blog')],
    ['the Service of 1 of 2 paths that share a policy switched to a new one', 7, SHARED, shared('new', 'web')],
    [
      'the Service of the path switched to a new one that such a policy is named after',
      8,
      SHARED,
      shared('web', 'new'),
    ],
    [
      'an Ingress deleted, with its policy and its pool',
      2,
      cluster({ ...SHOP, 'b.example': ['/ -> blog'] }),
      cluster(SHOP),
    ],
  ])('for %s are %i', (_change, writes, before, after) => {
    expect(writesFor(before, after)).toBe(writes);
  });
});
