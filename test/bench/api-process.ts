import { startEmbeddedCluster } from '@kuryr-l7/playground';
import { clusterObjects, ingress } from './cluster-objects.js';

/** Messages to the process that holds the Kubernetes API, so that its work and memory are not the controller's. */
export type ApiCommand =
  | {
      readonly type: 'fill';
      readonly ingresses: number;
      readonly services: number;
      readonly endpointsPerService: number;
    }
  | { readonly type: 'ingress'; readonly name: string; readonly host: string; readonly service: string }
  | { readonly type: 'backend'; readonly service: string; readonly port: number }
  | { readonly type: 'close' };

const cluster = await startEmbeddedCluster();
const { client } = cluster.api;
const NETWORKING = { group: 'networking.k8s.io', version: 'v1' };
const INGRESSES = { ...NETWORKING, plural: 'ingresses' };
const SERVICES = { group: '', version: 'v1', plural: 'services' };
const SLICES = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices' };
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
client.create(NAMESPACES, '', { metadata: { name: 'bench' } });

/** The API refuses nothing here: what the generator leaves out is filled in by defaults. */
function fill({ ingresses, services, endpointsPerService }: Extract<ApiCommand, { type: 'fill' }>): void {
  const objects = clusterObjects({ ingresses: 0, pathsPerIngress: 1, services, endpointsPerService });
  for (const service of objects.services) client.create(SERVICES, 'bench', service);
  for (const slice of objects.endpointSlices) client.create(SLICES, 'bench', slice);
  for (let index = 0; index < ingresses; index += 1) {
    const { metadata, spec } = ingress(index, 1, services);
    client.create(INGRESSES, 'bench', { metadata: { name: metadata.name }, spec });
  }
}

function addBackend(service: string, port: number): void {
  client.create(SERVICES, 'bench', { metadata: { name: service }, spec: { ports: [{ port: 80 }] } });
  client.create(SLICES, 'bench', {
    metadata: { name: service, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: [{ port, protocol: 'TCP' }],
    endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
  });
}

process.on('message', (command: ApiCommand) => {
  if (command.type === 'fill') fill(command);
  if (command.type === 'backend') addBackend(command.service, command.port);
  if (command.type === 'ingress') {
    const { name, host, service } = command;
    const backend = { service: { name: service, port: { number: 80 } } };
    const spec = { rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] };
    client.create(INGRESSES, 'bench', { metadata: { name }, spec });
  }
  if (command.type === 'close') void cluster.close().then(() => process.disconnect());
  else process.send?.({ done: command.type });
});
process.send?.({ kubeconfig: cluster.api.kubeconfig() });
