import type { Endpoints } from './octavia-under-test.js';

/** An object for the API of the cluster. */
export interface Manifest {
  readonly kind: 'Ingress' | 'Service' | 'EndpointSlice';
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

const service = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ports: [{ port: 80 }] },
});

/** Endpoints of a Service: so many addresses from the one with this number on. */
export function endpointSlice(name: string, { addresses, port }: Endpoints, from: number, count: number): Manifest {
  const chosen = Array.from({ length: count }, (_, index) => addresses[(from + index) % addresses.length] ?? '');
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ port, protocol: 'TCP' }],
    endpoints: chosen.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  };
}

/** A Service that two endpoints stand behind. */
export const backend = (name: string, endpoints: Endpoints): readonly Manifest[] => [
  service(name),
  endpointSlice(name, endpoints, 0, 2),
];

/** Every host leads to the same Service, on one path. */
export function ingress(name: string, to: string, hosts: readonly string[] = [hostOf(name)], path = '/'): Manifest {
  return ingressOf(
    name,
    hosts.map((host) => ({ host, path, to })),
  );
}

export interface Route {
  readonly host: string;
  readonly path: string;
  /** Name of the Service. */
  readonly to: string;
}

export function ingressOf(name: string, routes: readonly Route[]): Manifest {
  const rules = routes.map(({ host, path, to }) => {
    const backend = { service: { name: to, port: { number: 80 } } };
    return { host, http: { paths: [{ path, pathType: 'Prefix', backend }] } };
  });
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name }, spec: { rules } };
}

export const hostOf = (name: string): string => `${name}.example.com`;
