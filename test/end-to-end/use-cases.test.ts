import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backend, ingress, service } from './manifests.fixture.js';
import { eventually, TestCluster } from './test-cluster.fixture.js';

const NOTIFICATION = 'openstack.org/kuryr-lbaas-route-notif';
const STATE = 'openstack.org/kuryr-lbaas-route-state';

let cluster: TestCluster;

const annotations = (name: string) => cluster.get('Service', name).metadata.annotations ?? {};
const pools = () => cluster.controller.session?.desired.snapshot().pools.map(({ request }) => request.name);
const route = () => ingress('test', [['www.example.com', ['/', 'Prefix', 's1']]]);

async function routed(): Promise<void> {
  await eventually(async () => expect(await cluster.answers('www.example.com')).toBe('s1'));
  await eventually(() => {
    expect(annotations('s1')[NOTIFICATION]).toContain(cluster.get('Ingress', 'test').metadata.uid);
    expect(annotations('s1')[STATE]).toContain('"name":"default_s1"');
  });
  expect(pools()).toEqual(['default_s1']);
}

async function gone(): Promise<void> {
  await eventually(async () => expect(await cluster.answers('www.example.com')).toBe(404));
  await eventually(() => {
    expect(annotations('s1')).not.toHaveProperty([NOTIFICATION]);
    expect(annotations('s1')).not.toHaveProperty([STATE]);
  });
  expect(pools()).toEqual([]);
}

describe('the use cases of Kuryr’s Ingress design', () => {
  beforeEach(async () => {
    cluster = await TestCluster.start();
  });

  afterEach(() => cluster.stop());

  it('create Ingress, create Service: the pool waits for the Service, then the route works', async () => {
    cluster.apply(route());
    await eventually(async () => expect(await cluster.answers('www.example.com')).toBe(503));
    expect(pools()).toEqual(['default_s1']);
    cluster.apply(...backend('s1'));
    await routed();
  });

  it('create Service, create Ingress, delete Ingress: policy and pool go, and the Service is told', async () => {
    cluster.apply(...backend('s1'));
    expect(pools()).toEqual([]);
    cluster.apply(route());
    await routed();
    cluster.delete('Ingress', 'test');
    await gone();
  });

  it('a pool stays while another Ingress leads to it', async () => {
    cluster.apply(...backend('s1'), route(), ingress('other', [['other.example.com', ['/', 'Prefix', 's1']]]));
    await routed();
    await eventually(async () => expect(await cluster.answers('other.example.com')).toBe('s1'));
    cluster.delete('Ingress', 'test');
    await eventually(async () => expect(await cluster.answers('www.example.com')).toBe(404));
    expect(await cluster.answers('other.example.com')).toBe('s1');
    await eventually(() =>
      expect(annotations('s1')[NOTIFICATION]).toContain(cluster.get('Ingress', 'other').metadata.uid),
    );
    expect(annotations('s1')[NOTIFICATION]).not.toContain('undefined');
  });

  it('a Service with several ports has a pool for each port that is asked for, where Kuryr ignored route.spec.port', async () => {
    const ports = [
      { name: 'web', port: 80, targetPort: 3000 },
      { name: 'admin', port: 81, targetPort: 3000 },
    ];
    cluster.apply(...backend('s1'), service('s1', 'default', { ports }));
    cluster.apply(
      ingress('test', [
        [
          'www.example.com',
          ['/', 'Prefix', { service: { name: 's1', port: { name: 'web' } } }],
          ['/admin', 'Prefix', { service: { name: 's1', port: { number: 81 } } }],
        ],
      ]),
    );
    await eventually(async () => expect(await cluster.answers('www.example.com', '/admin')).toBe('s1'));
    expect(pools()).toEqual(['default_s1_80', 'default_s1_81']);
  });

  it('what happened while no controller ran is caught up with, in any order', async () => {
    cluster.apply(...backend('s1'), route());
    await routed();
    await cluster.stopController();
    cluster.delete('Ingress', 'test');
    await cluster.startController();
    await gone();
    await cluster.stopController();
    cluster.apply(route());
    cluster.delete('Service', 's1');
    await cluster.startController();
    await eventually(async () => expect(await cluster.answers('www.example.com')).toBe(503));
    cluster.apply(service('s1'));
    await routed();
  });
});
