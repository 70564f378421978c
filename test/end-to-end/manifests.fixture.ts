import type { Manifest } from './test-cluster.fixture.js';

export const namespace = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

export function deployment(name: string, replicas: number, namespace = 'default'): Manifest {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 3000, name: 'http' }] }] },
      },
    },
  };
}

export function service(name: string, namespace = 'default', spec: Readonly<Record<string, unknown>> = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 3000 }], ...spec },
  };
}

/** A Deployment and its Service of one name. */
export const backend = (name: string, replicas = 1, namespace = 'default'): readonly Manifest[] => [
  deployment(name, replicas, namespace),
  service(name, namespace),
];

type Backend = string | Readonly<Record<string, unknown>>;

const backendOf = (to: Backend) => (typeof to === 'string' ? { service: { name: to, port: { number: 80 } } } : to);

/** One path of a rule: `[path, pathType, Service or backend]`. */
export type Path = readonly [path: string, pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific', to: Backend];

export function ingress(
  name: string,
  rules: readonly (readonly [host: string, ...paths: readonly Path[]])[],
  more: {
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly spec?: Readonly<Record<string, unknown>>;
  } = {},
): Manifest {
  const { namespace = 'default', annotations, spec } = more;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      ...(rules.length === 0
        ? {}
        : {
            rules: rules.map(([host, ...paths]) => ({
              ...(host === '' ? {} : { host }),
              ...(paths.length === 0
                ? {}
                : {
                    http: { paths: paths.map(([path, pathType, to]) => ({ path, pathType, backend: backendOf(to) })) },
                  }),
            })),
          }),
      ...spec,
    },
  };
}

export const defaultBackend = (name: string) => ({ defaultBackend: { service: { name, port: { number: 80 } } } });
