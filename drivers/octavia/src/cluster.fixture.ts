import {
  compileRouter,
  type EndpointSlice,
  type Ingress,
  type Router,
  type RouterCapabilities,
  type Service,
} from '@kuryr-l7/router';
import { octaviaCapabilities } from './capabilities.js';
import { LISTENER } from './wanted.fixture.js';

/** What each Ingress routes, by its name, as `host/path -> Service`. */
export type Ingresses = Readonly<Record<string, readonly string[]>>;

interface ClusterTerms {
  readonly capabilities?: RouterCapabilities;
  /** Of each Service. */
  readonly endpoints?: number;
}

/** The router that these Ingresses of namespace `shop` come to; each Service that one of them names is there. */
export function compiled(ingresses: Ingresses, terms: ClusterTerms = {}): Router {
  const { capabilities = octaviaCapabilities(), endpoints = 2 } = terms;
  const names = new Set(Object.values(ingresses).flatMap((routes) => routes.map((route) => partsOf(route).service)));
  const services = [...names].toSorted();
  const objects = {
    ingresses: Object.entries(ingresses).map(([name, routes]) => ingress(name, routes)),
    services: services.map(
      (name): Service => ({ metadata: { namespace: 'shop', name }, spec: { ports: [{ port: 80 }] } }),
    ),
    ingressClasses: [],
    endpointSlices: services.map((name, index) => slice(name, index, endpoints)),
  };
  const options = { controllerName: 'x', ingressClass: 'x', handleClassless: true, hostOwnership: true };
  return compileRouter(objects, options, capabilities, [LISTENER], 'IPv4').router;
}

function ingress(name: string, routes: readonly string[]): Ingress {
  const rules = routes.map((route) => {
    const { host, path, service } = partsOf(route);
    const backend = { service: { name: service, port: { number: 80 } } };
    return { host, http: { paths: [{ path, pathType: 'Prefix', backend }] } };
  });
  return { metadata: { namespace: 'shop', name, creationTimestamp: '2026-01-01T00:00:00Z' }, spec: { rules } };
}

function slice(name: string, service: number, endpoints: number): EndpointSlice {
  return {
    metadata: { namespace: 'shop', name, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: Array.from({ length: endpoints }, (_, index) => ({ addresses: [`10.1.${service}.${index + 1}`] })),
    ports: [{ port: 8080 }],
  };
}

function partsOf(route: string): { readonly host: string; readonly path: string; readonly service: string } {
  const [, host = '', path = '', service = ''] = /^([^/]*)(\/.*) -> (.*)$/.exec(route) ?? [];
  return { host, path, service };
}
