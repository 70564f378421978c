import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backend, defaultBackend, ingress, namespace, service } from './manifests.fixture.js';
import { eventually, type Manifest, TestCluster } from './test-cluster.fixture.js';

const EVENTS = { group: 'events.k8s.io', version: 'v1', plural: 'events' };

describe('an Ingress that can’t be routed as it is', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    cluster.apply(namespace('other'), ...backend('good'), ...backend('good', 1, 'other'));
    cluster.apply(ingress('first', [['owned.example.com', ['/', 'Prefix', 'good']]]));
    cluster.apply(
      service('external', 'default', { type: 'ExternalName', externalName: 'example.org', selector: null }),
    );
    await eventually(async () => expect(await cluster.answers('owned.example.com')).toBe('good'));
  });

  afterAll(() => cluster.stop());

  /** The Warning Events of an Ingress. */
  const warnings = (name: string, inNamespace: string) =>
    cluster.client
      .list(EVENTS, { namespace: inNamespace })
      .items.map(
        (item) => item as unknown as { type: string; reason: string; note: string; regarding?: { name: string } },
      )
      .filter((event) => event.type === 'Warning' && event.regarding?.name === name);

  /** Applies it beside a good host of its own, and expects the refusal by Event and status while that host works. */
  async function isRefused(bad: Manifest, reason: string, note: RegExp): Promise<void> {
    const inNamespace = bad.metadata.namespace ?? 'default';
    cluster.apply(bad);
    await eventually(() => {
      const said = warnings(bad.metadata.name, inNamespace).filter((event) => event.reason === reason);
      expect(said.map((event) => event.note)).toEqual([expect.stringMatching(note)]);
      const status = cluster.get('Ingress', bad.metadata.name, inNamespace).status?.loadBalancer?.ingress;
      expect(status?.[0]?.ports?.[0]?.error).toBe(`openstack.org/${reason}`);
    });
    expect(await cluster.answers('owned.example.com')).toBe('good');
  }

  const withGood = (name: string, ...bad: Parameters<typeof ingress>[1]) =>
    ingress(name, [[`${name}.example.com`, ['/good', 'Prefix', 'good'] as const], ...bad]);

  async function goodPartWorks(name: string): Promise<void> {
    await eventually(async () => expect(await cluster.answers(`${name}.example.com`, '/good')).toBe('good'));
  }

  it('names a Service that does not exist: its path answers 503, its other paths work', async () => {
    const name = 'missing-service';
    await isRefused(
      withGood(name, ['missing.example.com', ['/', 'Prefix', 'nobody']]),
      'ServiceNotFound',
      /default\/nobody/,
    );
    await goodPartWorks(name);
    expect(await cluster.answers('missing.example.com')).toBe(503);
    cluster.apply(...backend('nobody'));
    await eventually(async () => expect(await cluster.answers('missing.example.com')).toBe('nobody'));
    await eventually(() => {
      const ports = cluster.get('Ingress', name).status?.loadBalancer?.ingress?.[0]?.ports;
      expect(ports).toEqual([{ port: expect.any(Number), protocol: 'TCP' }]);
    });
  });

  it('names a port that the Service does not have', async () => {
    const name = 'missing-port';
    const to = { service: { name: 'good', port: { number: 8888 } } };
    await isRefused(withGood(name, ['port.example.com', ['/', 'Prefix', to]]), 'ServicePortNotFound', /8888/);
    await goodPartWorks(name);
  });

  it('leads to a Service of type ExternalName', async () => {
    const name = 'external-name';
    await isRefused(
      withGood(name, ['ext.example.com', ['/', 'Prefix', 'external']]),
      'ServiceTypeNotSupported',
      /ExternalName/,
    );
    await goodPartWorks(name);
  });

  it('has a resource backend', async () => {
    const name = 'resource-backend';
    const to = { resource: { apiGroup: 'k8s.example.com', kind: 'StorageBucket', name: 'static' } };
    await isRefused(
      withGood(name, ['res.example.com', ['/', 'Prefix', to]]),
      'ResourceBackendNotSupported',
      /StorageBucket/,
    );
    await goodPartWorks(name);
    expect(await cluster.answers('res.example.com')).toBe(503);
  });

  it('holds characters that no router can carry', async () => {
    const name = 'bad-characters';
    await isRefused(
      withGood(name, ['chars.example.com', ['/a b"\u00e9', 'ImplementationSpecific', 'good']]),
      'InvalidPath',
      /spec\.rules\[1\]\.http\.paths\[0\]\.path/,
    );
    await goodPartWorks(name);
  });

  it('repeats a host and path that another Ingress has', async () => {
    // Of two Ingresses of one second the first by name is the older one, so this one sorts after the other.
    const name = 'second';
    await isRefused(withGood(name, ['owned.example.com', ['/', 'Prefix', 'nobody']]), 'PathClaimed', /default\/first/);
    await goodPartWorks(name);
  });

  it('names a host of another namespace, and gets it when the owner leaves', async () => {
    const hijack = ingress('hijack', [['hosts.example.com', ['/', 'Prefix', 'good']]], { namespace: 'other' });
    cluster.apply(ingress('owner', [['hosts.example.com', ['/', 'Prefix', 'good']]]));
    await eventually(async () => expect(await cluster.answers('hosts.example.com')).toBe('good'));
    await isRefused(hijack, 'HostClaimed', /default/);
    expect((await cluster.request('hosts.example.com')).pod?.namespace).toBe('default');
    cluster.delete('Ingress', 'owner');
    await eventually(async () => expect((await cluster.request('hosts.example.com')).pod?.namespace).toBe('other'));
    await eventually(() => {
      const ports = cluster.get('Ingress', 'hijack', 'other').status?.loadBalancer?.ingress?.[0]?.ports;
      expect(ports?.[0]).not.toHaveProperty('error');
    });
  });

  it('wants to be the router-wide default after another one', async () => {
    cluster.apply(ingress('default-1', [], { spec: defaultBackend('good') }));
    await eventually(async () => expect(await cluster.answers('whatever.example.org')).toBe('good'));
    await isRefused(ingress('default-2', [], { spec: defaultBackend('nobody') }), 'DefaultBackendClaimed', /default-1/);
  });
});
