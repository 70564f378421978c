import { NAMING_ANNOTATIONS } from './compile/annotation-table.js';
import { type ClusterObjects, type Compilation, compileLoadBalancer } from './compile/compile-load-balancer.js';
import type { LoadBalancer } from './model.js';
import type { EndpointSlice, Node, Service } from './service.js';
import { DEFAULT_LOAD_BALANCER_SETTINGS, type LoadBalancerSettings } from './settings.js';

export const SETTINGS: LoadBalancerSettings = {
  ...DEFAULT_LOAD_BALANCER_SETTINGS,
  clusterId: 'c1',
  serviceTypes: ['LoadBalancer'],
  vipSubnetId: 'vips',
  floatingNetworkId: 'public',
  permittedAnnotations: NAMING_ANNOTATIONS,
};

/** Service `shop/web` of type LoadBalancer, port 80 to 8080. */
export function service(
  spec: Partial<NonNullable<Service['spec']>> = {},
  annotations: Readonly<Record<string, string>> = {},
): Service {
  return {
    metadata: { name: 'web', namespace: 'shop', annotations },
    spec: {
      type: 'LoadBalancer',
      clusterIP: '10.96.0.7',
      selector: { app: 'web' },
      ports: [{ port: 80, targetPort: 8080, nodePort: 30080, protocol: 'TCP' }],
      ...spec,
    },
  };
}

type Endpoints = NonNullable<EndpointSlice['endpoints']>;

export function slice(
  endpoints: readonly (string | Endpoints[number])[],
  ports: EndpointSlice['ports'] = [{ port: 8080, protocol: 'TCP' }],
  of = 'web',
): EndpointSlice {
  return {
    metadata: { name: `${of}-1`, namespace: 'shop', labels: { 'kubernetes.io/service-name': of } },
    addressType: 'IPv4',
    endpoints: endpoints.map((one) =>
      typeof one === 'string' ? { addresses: [one], conditions: { ready: true } } : one,
    ),
    ports,
  };
}

export function node(
  name: string,
  address: string,
  changes: Partial<Node['metadata']> & { ready?: string } = {},
): Node {
  const { ready = 'True', ...metadata } = changes;
  return {
    metadata: { name, ...metadata },
    status: { addresses: [{ type: 'InternalIP', address }], conditions: [{ type: 'Ready', status: ready }] },
  };
}

export function compile(
  of: Service,
  objects: Partial<ClusterObjects> = {},
  settings: Partial<LoadBalancerSettings> = {},
): Compilation {
  return compileLoadBalancer(of, { slices: [], nodes: [], ...objects }, { ...SETTINGS, ...settings });
}

/** The load balancer of a Service that gets one. */
export function compiled(...parameters: Parameters<typeof compile>): LoadBalancer {
  return wanted(...parameters).loadBalancer;
}

export function wanted(...parameters: Parameters<typeof compile>): Extract<Compilation, { outcome: 'wanted' }> {
  const compilation = compile(...parameters);
  if (compilation.outcome !== 'wanted') throw new Error(JSON.stringify(compilation));
  return compilation;
}

/** `address:port` of the members of a listener. */
export function membersOf(loadBalancer: LoadBalancer, key = 'TCP:80'): readonly string[] | undefined {
  const listener = loadBalancer.listeners.find((one) => one.key === key);
  return listener?.pool.members.map(({ address, port }) => `${address}:${port}`);
}
