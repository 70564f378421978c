import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@kuryr-l7/kube/testing';
import type { EndpointSlice, LoadBalancerSettings } from '@kuryr-l7/service-load-balancer';
import { FakedCluster, servedWeb, web } from './faked-cluster.fixture.js';

const KEY = 'shop/web';
const SELECTED = { selector: { app: 'web' } };

const slice = (...addresses: readonly string[]): EndpointSlice => ({
  metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ports: [{ port: 8080, protocol: 'TCP' }],
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
});

let clock: FakeClock;
let cluster: FakedCluster;

const start = (settings?: Partial<LoadBalancerSettings>) => {
  cluster = new FakedCluster(settings, clock);
};
/** Addresses of the members of each load balancer that was asked for. */
const asked = () =>
  cluster.requests.map(({ wanted }) =>
    wanted.listeners.flatMap(({ pool }) => pool.members.map(({ address }) => address)),
  );

beforeEach(() => {
  clock = new FakeClock();
});
afterEach(() => cluster.stop());

describe('the load balancer of a new Service with a selector', () => {
  it('is made with its members, when its first slice is there', async () => {
    start();
    cluster.apply(web(SELECTED));
    await clock.advance(999);
    expect(cluster.requests).toEqual([]);
    expect(cluster.services.get(KEY)?.metadata.finalizers).toBeUndefined();
    cluster.slices.push(slice('10.0.0.1', '10.0.0.2'));
    cluster.again(KEY);
    await clock.advance(0);
    expect(asked()).toEqual([['10.0.0.1', '10.0.0.2']]);
  });

  it('is made without members at once, when its first slice is empty, as where its Pods don’t exist', async () => {
    start();
    cluster.apply(web(SELECTED));
    await clock.advance(10);
    cluster.slices.push(slice());
    cluster.again(KEY);
    await clock.advance(0);
    expect(asked()).toEqual([[]]);
  });

  it('is made without members after a second in which no slice came, however often the Service changes', async () => {
    start();
    for (let change = 0; change < 4; change += 1) {
      cluster.apply(web(SELECTED, { labels: { change: String(change) } }));
      await clock.advance(249);
    }
    expect(cluster.requests).toEqual([]);
    await clock.advance(4);
    expect(asked()).toEqual([[]]);
  });

  it('keeps no worker from another Service meanwhile', async () => {
    start();
    cluster.apply(web(SELECTED));
    cluster.apply(web({}, { name: 'other' }));
    await clock.advance(0);
    expect(cluster.requests.map(({ wanted }) => wanted.service)).toEqual(['shop/other']);
  });
});

describe('nobody waits for a slice', () => {
  it.each([
    ['of a Service without selector, for which Kubernetes makes none', {}, () => web()],
    ['of a Service that has a load balancer', {}, () => servedWeb(SELECTED)],
    [
      'where nodes are the members',
      { memberMode: 'nodeport' as const },
      () => web({ ...SELECTED, ports: [{ port: 80, nodePort: 30_080 }] }),
    ],
  ])('%s', async (_name, settings, service) => {
    start(settings);
    cluster.applyNode({
      metadata: { name: 'n1' },
      status: {
        addresses: [{ type: 'InternalIP', address: '10.1.0.1' }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    } as Parameters<FakedCluster['applyNode']>[0]);
    cluster.apply(service());
    await clock.advance(0);
    expect(cluster.requests).toHaveLength(1);
  });
});
