import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { service, startTestCluster, type TestCluster } from '../embedded-cluster.fixture.js';
import { SERVICES, type Service } from './kinds/service.js';

describe('addresses of Services', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(() => cluster.close());

  const create = (name: string, spec: Record<string, unknown>) =>
    cluster.client.create(SERVICES, 'default', service(name, { ports: [{ port: 80 }], ...spec })) as Service;
  const reference = (name: string) => ({ ...SERVICES, namespace: 'default', name });
  const patch = (name: string, spec: unknown) => cluster.client.patch(reference(name), 'merge', { spec }) as Service;

  it('are given to every Service, and are all different', () => {
    const services = ['a', 'b', 'c'].map((name) => create(name, {}));
    const addresses = services.map(({ spec }) => spec.clusterIP);
    for (const address of addresses) expect(address).toMatch(/^10\.96\.\d+\.\d+$/);
    expect(new Set([...addresses, '10.96.0.1']).size).toBe(4);
    expect(services[0]?.spec).toMatchObject({
      clusterIPs: [addresses[0]],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
  });

  it('are not given to headless Services and external names', () => {
    expect(create('headless', { clusterIP: 'None' }).spec.clusterIPs).toEqual(['None']);
    const external = create('external', { type: 'ExternalName', externalName: 'www.mozilla.org' });
    expect([external.spec.clusterIP, external.spec.clusterIPs]).toEqual([undefined, undefined]);
  });

  it('stay when a client leaves them out', () => {
    const { spec } = create('kept', { type: 'NodePort' });
    const { clusterIP: _clusterIP, clusterIPs: _clusterIPs, ...rest } = spec;
    const left = { ...service('kept', { ...rest, ports: [{ port: 80, targetPort: 8080 }] }) };
    const updated = cluster.client.update(reference('kept'), left) as Service;
    expect([updated.spec.clusterIP, updated.spec.ports?.[0]?.nodePort]).toEqual([
      spec.clusterIP,
      spec.ports?.[0]?.nodePort,
    ]);
  });

  it('include a node port for types that want one, and lose it with the type', () => {
    const { spec } = create('node', { type: 'NodePort' });
    expect(spec.ports?.[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
    expect(patch('node', { type: 'ClusterIP' }).spec.ports?.[0]?.nodePort).toBeUndefined();
    expect(patch('node', { type: 'LoadBalancer' }).spec.ports?.[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
    const name = patch('node', { type: 'ExternalName', externalName: 'example.com' });
    expect([name.spec.clusterIP, name.spec.ports?.[0]?.nodePort]).toEqual([undefined, undefined]);
  });

  it('are never given twice, although somebody chose the next one', () => {
    const next = (address: string | undefined) => address?.replace(/\d+$/, (last) => String(Number(last) + 1)) ?? '';
    const chosen = create('next', { clusterIP: next(create('before', {}).spec.clusterIP) }).spec.clusterIP;
    expect(create('after', {}).spec.clusterIP).toBe(next(chosen));
  });

  it('may be chosen when they are free', () => {
    const chosen = create('chosen', {
      clusterIP: '10.96.7.7',
      type: 'NodePort',
      ports: [{ port: 80, nodePort: 32_000 }],
    });
    expect([chosen.spec.clusterIP, chosen.spec.ports?.[0]?.nodePort]).toEqual(['10.96.7.7', 32_000]);
    expect(() => create('same-address', { clusterIP: '10.96.7.7' })).toThrow(
      'Service "same-address" is invalid: spec.clusterIPs: Invalid value: ["10.96.7.7"]: failed to allocate IP 10.96.7.7: provided IP is already allocated',
    );
    expect(() => create('same-port', { type: 'NodePort', ports: [{ port: 80, nodePort: 32_000 }] })).toThrow(
      'spec.ports[0].nodePort: Invalid value: 32000: provided port is already allocated',
    );
    expect(() => create('far-port', { type: 'NodePort', ports: [{ port: 80, nodePort: 99 }] })).toThrow(
      'provided port is not in the valid range. The range of valid ports is 30000-32767',
    );
    expect(() => create('far-address', { clusterIP: '192.0.2.1' })).toThrow('The range of valid IPs is 10.96.0.0/16');
  });
});
