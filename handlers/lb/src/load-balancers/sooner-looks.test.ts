import { afterEach, expect, it } from '@jest/globals';
import { FakeClock } from '@kuryr-l7/kube/testing';
import type { Problem } from '@kuryr-l7/service-load-balancer';
import { FakedCluster, servedWeb } from './faked-cluster.fixture.js';

const missing = (address: string): Problem => ({
  reason: 'NodeNotOpened',
  field: 'nodes',
  message: `the project has no Neutron port with the address ${address}`,
});

let clock: FakeClock;
let cluster: FakedCluster;

/** Seconds after which the Service was looked at. */
async function looksWithin(seconds: number): Promise<readonly number[]> {
  const looks: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const before = cluster.requests.length;
    await clock.advance(1_000);
    if (cluster.requests.length > before) looks.push(second + 1);
  }
  return looks;
}

const start = (problems: readonly Problem[]) => {
  clock = new FakeClock();
  cluster = new FakedCluster({}, clock);
  cluster.problems = problems;
};

afterEach(() => cluster.stop());

it('a node whose Neutron port is not there is looked for again soon, and then more and more rarely', async () => {
  start([missing('10.0.0.1')]);
  cluster.apply(servedWeb());
  expect(await looksWithin(250)).toEqual([1, 15, 45, 105, 225]);
  cluster.problems = [missing('10.0.0.2')];
  cluster.again('shop/web');
  expect(await looksWithin(20)).toEqual([1, 15]);
});

it('is looked for as soon though the Service is looked at many times for other reasons', async () => {
  start([missing('10.0.0.1')]);
  cluster.apply(servedWeb());
  await looksWithin(1);
  for (let echo = 0; echo < 5; echo += 1) {
    cluster.again('shop/web');
    expect(await looksWithin(1)).toEqual([1]);
  }
  expect(await looksWithin(100)).toEqual([9, 39, 99]);
});

it('a Service of which nothing is missing any more is left alone', async () => {
  start([missing('10.0.0.1')]);
  cluster.apply(servedWeb());
  expect(await looksWithin(10)).toEqual([1]);
  cluster.problems = [];
  expect(await looksWithin(200)).toEqual([5]);
});

it('a Service that gets a load balancer again is told what is missing again, and looked at as soon as at first', async () => {
  start([missing('10.0.0.1')]);
  cluster.apply(servedWeb());
  expect(await looksWithin(50)).toEqual([1, 15, 45]);
  cluster.apply(servedWeb({ type: 'ClusterIP' }));
  await clock.advance(1_000);
  cluster.apply(servedWeb());
  expect(await looksWithin(20)).toEqual([1, 15]);
  expect(cluster.events.map(({ reason }) => reason)).toEqual(['NodeNotOpened', 'KuryrReleaseLB', 'NodeNotOpened']);
});
