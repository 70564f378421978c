import type { ApiClient } from '../api-server/index.js';
import { ENDPOINT_SLICES, ENDPOINTS, SERVICE_NAME_LABEL } from './kinds/endpoints.js';
import { SERVICES } from './kinds/service.js';
import { kubernetesServiceAddress } from './service-addresses.js';

const NAME = 'kubernetes';
const ADDRESS = '127.0.0.1';
const WRITER = { fieldManager: 'kube-apiserver' } as const;

/** The Service by which Pods find the API server, with the endpoints that the API server itself writes. */
export function createKubernetesService(client: ApiClient, apiPort: number, network: string): void {
  const port = { name: 'https', port: apiPort, protocol: 'TCP' };
  const labels = { component: 'apiserver', provider: NAME };
  client.create(
    SERVICES,
    'default',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: NAME, labels },
      spec: {
        clusterIP: kubernetesServiceAddress(network),
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: apiPort }],
        type: 'ClusterIP',
      },
    },
    WRITER,
  );
  client.create(
    ENDPOINTS,
    'default',
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: NAME, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
      subsets: [{ addresses: [{ ip: ADDRESS }], ports: [port] }],
    },
    WRITER,
  );
  client.create(
    ENDPOINT_SLICES,
    'default',
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: NAME, labels: { [SERVICE_NAME_LABEL]: NAME } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [ADDRESS], conditions: { ready: true } }],
      ports: [port],
    },
    WRITER,
  );
}
