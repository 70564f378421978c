import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Cloud } from '@kuryr-l7/openstack';
import { everythingIn, serviceSettings } from '../end-to-end/service-settings.fixture.js';
import { eventually, type Manifest, TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { OwnProject } from './own-project.fixture.js';
import { facts, realCloud } from './real-cloud.fixture.js';

/** The service-cluster-ip-range, where HAProxy can listen: 127.96.0.0/16. */
export const SERVICE_NETWORK = '127.96';
const EVENTS = { group: 'events.k8s.io', version: 'v1', plural: 'events', namespace: 'default' } as const;
/** Milliseconds; Octavia takes seconds for a load balancer, and minutes on a machine with much else to do. */
export const LONG = 240_000;

/** One endpoint of a Service. */
interface Endpoint {
  readonly address: string;
  readonly node?: string;
  /** @default true */
  readonly ready?: boolean;
}

interface Port {
  readonly name?: string;
  readonly port: number;
}

/** A cluster without a controller yet, and a project of its own on the test bed for its Services. */
export class ServiceBed {
  readonly #servers: Server[] = [];

  private constructor(
    readonly project: OwnProject,
    readonly cloud: Cloud,
    readonly cluster: TestCluster,
    private readonly clusterId: string,
  ) {}

  static async start(clusterId: string): Promise<ServiceBed> {
    const project = await OwnProject.create(facts, clusterId);
    const cloud = await realCloud(project.login);
    const cluster = await TestCluster.withoutController({ serviceNetwork: SERVICE_NETWORK });
    // Neutron makes a project's own group when it is first asked for one.
    await cloud.neutron.securityGroups.list();
    return new ServiceBed(project, cloud, cluster, clusterId);
  }

  async startController(changes: Readonly<Record<string, string>> = {}): Promise<void> {
    const settings = serviceSettings(facts, this.project.login, this.clusterId);
    await this.cluster.startController({ ...settings, ...changes });
  }

  /** Something that answers with its name, on a port of its own unless told. */
  member(name: string, port = 0, address = '127.0.0.1'): Promise<number> {
    const server = createHttpServer((_, response) => response.setHeader('connection', 'close').end(name));
    return this.#listen(server, port, address);
  }

  /** Something that sends its name to whoever connects, as no HTTP server does. */
  greeter(name: string): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(name);
    });
    return this.#listen(server, 0, '127.0.0.1');
  }

  /** Applies Services of type LoadBalancer. */
  expose(
    name: string,
    ports: readonly object[],
    spec: object = {},
    annotations: Readonly<Record<string, string>> = {},
  ) {
    this.cluster.apply(service(name, { type: 'LoadBalancer', ports, ...spec }, annotations));
  }

  /** A slice with ready endpoints at these addresses. */
  applySlice(name: string, ports: readonly Port[], ...addresses: readonly string[]): void {
    this.applyEndpoints(
      name,
      ports,
      addresses.map((address) => ({ address })),
    );
  }

  /** A slice for each address family that is among the endpoints, an empty one of IPv4 where there are none. */
  applyEndpoints(name: string, ports: readonly Port[], endpoints: readonly Endpoint[]): void {
    const ofVersion6 = endpoints.filter(({ address }) => address.includes(':'));
    const others = endpoints.filter((endpoint) => !ofVersion6.includes(endpoint));
    this.#applySlice(name, 'IPv4', ports, others);
    if (ofVersion6.length > 0) this.#applySlice(name, 'IPv6', ports, ofVersion6);
  }

  /** The address in the status, once there is one. */
  addressOf(name: string): Promise<string> {
    return eventually(() => {
      const ip = this.cluster.get('Service', name).status?.loadBalancer?.ingress?.[0]?.ip;
      if (ip === undefined) throw new Error(`${name} has no address yet`);
      return ip;
    }, LONG);
  }

  /** Empty where there is no load balancer. */
  async vipOf(name: string): Promise<string> {
    const [balancer] = await this.cloud.octavia.loadBalancers.list({ name: `default/${name}` });
    return balancer?.vip_address ?? '';
  }

  /** Deletes a Service and waits until it is let go. */
  async remove(name: string): Promise<void> {
    this.cluster.delete('Service', name);
    await eventually(() => {
      let isThere = true;
      try {
        this.cluster.get('Service', name);
      } catch {
        isThere = false;
      }
      if (isThere) throw new Error(`Service ${name} is still there`);
    }, LONG);
  }

  /** Reasons of the Events on a Service. */
  reasonsOf(name: string): readonly unknown[] {
    const { items } = this.cluster.client.list(EVENTS);
    return items.flatMap((event) => {
      const { reason, regarding } = event as {
        readonly reason?: string;
        readonly regarding?: { readonly name?: string };
      };
      return regarding?.name === name ? [reason] : [];
    });
  }

  everything(): Promise<Readonly<Record<string, readonly string[]>>> {
    return everythingIn(this.cloud);
  }

  /** Deletes what tests have left, and the project. */
  async stop(): Promise<void> {
    await this.cluster.stop();
    const { octavia, neutron } = this.cloud;
    await eventually(async () => {
      for (const { id } of await octavia.loadBalancers.list()) {
        await octavia.loadBalancers.delete(id, { cascade: true });
      }
      const { length } = await octavia.loadBalancers.list();
      if (length > 0) throw new Error(`${length} load balancers are left`);
    }, LONG);
    for (const { id } of await neutron.floatingIps.list()) await neutron.floatingIps.delete(id);
    this.cloud.close();
    await this.project.remove();
    for (const server of this.#servers) server.close();
  }

  async #listen(server: Server, port: number, address: string): Promise<number> {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  #applySlice(
    name: string,
    addressType: 'IPv4' | 'IPv6',
    ports: readonly Port[],
    endpoints: readonly Endpoint[],
  ): void {
    const metadata = {
      name: `${name}-${addressType.toLowerCase()}`,
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': name },
    };
    const object = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType,
      ports: ports.map((port) => ({ protocol: 'TCP', ...port })),
      endpoints: endpoints.map(({ address, node, ready = true }) => ({
        addresses: [address],
        conditions: { ready },
        ...(node !== undefined && { nodeName: node }),
      })),
    };
    const reference = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices', namespace: 'default' };
    const options = { fieldManager: 'test', force: true };
    this.cluster.client.patch({ ...reference, name: metadata.name }, 'apply', object, options);
  }
}

export const service = (name: string, spec: object, annotations: Readonly<Record<string, string>> = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', annotations },
  spec,
});

/** The body that HTTP answers. */
export async function read(address: string, port = 80): Promise<string> {
  const answer = await fetch(`http://${address}:${port}/`, { headers: { connection: 'close' } });
  return answer.text();
}
