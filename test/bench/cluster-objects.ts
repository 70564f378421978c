import type { ClusterObjects, EndpointSlice, Ingress, Service } from '@kuryr-l7/router';

const CREATED = '2026-01-01T00:00:00Z';

/** Sizes of a made-up cluster. Hosts are shared by five Ingresses, as teams do that give each path its own Ingress. */
export interface ClusterSize {
  readonly ingresses: number;
  readonly pathsPerIngress: number;
  readonly services: number;
  readonly endpointsPerService: number;
}

export function ingress(index: number, paths: number, services: number): Ingress {
  return {
    metadata: {
      name: `web-${index}`,
      namespace: 'bench',
      uid: `uid-${index}`,
      resourceVersion: '1',
      creationTimestamp: CREATED,
    },
    spec: {
      rules: [
        {
          host: `host-${Math.floor(index / 5)}.example.com`,
          http: {
            paths: Array.from({ length: paths }, (_, path) => ({
              path: `/app-${index}/${path}`,
              pathType: path % 4 === 0 ? 'Exact' : 'Prefix',
              backend: { service: { name: `service-${(index + path) % services}`, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  };
}

function service(index: number): Service {
  return {
    metadata: { name: `service-${index}`, namespace: 'bench' },
    spec: { type: 'ClusterIP', ports: [{ port: 80 }] },
  };
}

function slice(index: number, endpoints: number): EndpointSlice {
  const name = `service-${index}`;
  return {
    metadata: { name: `${name}-x`, namespace: 'bench', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ port: 8080, protocol: 'TCP' }],
    endpoints: Array.from({ length: endpoints }, (_, endpoint) => {
      const number = index * endpoints + endpoint;
      return {
        addresses: [`10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`],
        conditions: { ready: true },
      };
    }),
  };
}

export function clusterObjects(size: ClusterSize): ClusterObjects {
  const each = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  return {
    ingresses: each(size.ingresses, (index) => ingress(index, size.pathsPerIngress, size.services)),
    ingressClasses: [],
    services: each(size.services, service),
    endpointSlices: each(size.services, (index) => slice(index, size.endpointsPerService)),
  };
}
