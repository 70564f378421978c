import { type Cloud, type LoadBalancer, openCloud } from '@kuryr-l7/openstack';
import { cloudSettings, type OpenStackSimulator, startOpenStackSimulator } from '@kuryr-l7/openstack-simulator';
import { serviceSettings } from './service-settings.fixture.js';
import { eventually, type Manifest, TestCluster } from './test-cluster.fixture.js';

const CLUSTER_ID = 'c1';

/** Everything is looked at again each second. */
export const EACH_SECOND = { OS_INGRESS__RESYNC_PERIOD: '1' };
/** Milliseconds that a machine with much else to do may take for some rounds of a second. */
const COMPARISON = 40_000;

/** A cluster without a controller yet, and a simulated cloud for its Services. */
export class ServiceCloud {
  private constructor(
    readonly simulator: OpenStackSimulator,
    /** The ordinary user's. */
    readonly cloud: Cloud,
    readonly cluster: TestCluster,
  ) {}

  /** @param writeMilliseconds that a write to Octavia takes */
  static async start(writeMilliseconds?: number): Promise<ServiceCloud> {
    const timing = writeMilliseconds === undefined ? {} : { timing: () => writeMilliseconds };
    const simulator = await startOpenStackSimulator(timing);
    const cloud = await openCloud(cloudSettings(simulator.facts));
    return new ServiceCloud(simulator, cloud, await TestCluster.withoutController());
  }

  /** kuryr.conf as environment variables. */
  settings(changes: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
    const { facts } = this.simulator;
    return { ...serviceSettings(facts, facts.users.member, CLUSTER_ID), ...changes };
  }

  /** Makes a slice by hand, as for a Service without selector, with port 8080. */
  applyEndpoints(name: string, ...addresses: readonly string[]): void {
    this.applyPods(name, Object.fromEntries(addresses.map((address) => [`pod-${address}`, address])));
  }

  /** The same, with the names of the Pods that have the addresses. */
  applyPods(name: string, pods: Readonly<Record<string, string>>): void {
    const object = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ port: 8080, protocol: 'TCP' }],
      endpoints: Object.entries(pods).map(([pod, address]) => ({
        addresses: [address],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', namespace: 'default', name: pod },
      })),
    };
    this.cluster.client.patch(sliceOf(name), 'apply', object, { fieldManager: 'test', force: true });
  }

  /** Deletes the slice that was made by hand. */
  deleteEndpoints(name: string): void {
    this.cluster.client.delete(sliceOf(name));
  }

  /** Address that the status of a Service says. */
  ipOf(name: string): string | undefined {
    return this.cluster.get('Service', name).status?.loadBalancer?.ingress?.[0]?.ip;
  }

  /** The only load balancer, or the first of them. */
  async balancer(): Promise<LoadBalancer> {
    const [found] = await this.cloud.octavia.loadBalancers.list();
    if (found === undefined) throw new Error('there is no load balancer');
    return found;
  }

  /** Waits until Service `web` has an address and nothing is under way. */
  async served(): Promise<LoadBalancer> {
    await eventually(() => {
      if (this.ipOf('web') === undefined) throw new Error('Service web has no address yet');
    });
    await this.simulator.octavia.idle();
    return this.balancer();
  }

  /**
   * Waits until a controller with {@link EACH_SECOND} has read what a Service has, down to its members, which it reads last,
   * and three rounds later: what it found different it has begun to write by then.
   */
  async compared(): Promise<void> {
    const { traffic } = this.simulator.octavia;
    await eventually(() => {
      const { requests } = traffic;
      const compared = requests.findIndex(({ path }) => /\/members(\?|$)/.test(path));
      const later = requests.slice(compared).filter(({ path }) => /\/loadbalancers\?/.test(path));
      if (compared === -1 || later.length < 3) throw new Error('what is there was not compared yet');
    }, COMPARISON);
  }

  /** Reasons and notes of all Events, as text. */
  events(): string {
    const kind = { group: 'events.k8s.io', version: 'v1', plural: 'events', namespace: 'default' };
    return JSON.stringify(this.cluster.client.list(kind));
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    this.cloud.close();
    await this.simulator.close();
  }
}

const sliceOf = (name: string) => ({
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  namespace: 'default',
  name: `${name}-1`,
});

export const service = (name: string, spec: object, annotations: Readonly<Record<string, string>> = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', annotations },
  spec,
});

/** Service `web` of type LoadBalancer, port 80 to 8080. */
export const web = (spec: object = {}, annotations: Readonly<Record<string, string>> = {}): Manifest =>
  service('web', { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 8080 }], ...spec }, annotations);
