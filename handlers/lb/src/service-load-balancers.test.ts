import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoadBalancerSettings } from '@kuryr-l7/service-load-balancer';
import { FakedCluster, servedWeb, until, web } from './faked-cluster.fixture.js';

const KEY = 'shop/web';
const EMPTIED = 'status {"loadBalancer":{"ingress":null}}';
const CLOUD_CONTROLLER = 'service.kubernetes.io/load-balancer-cleanup';

let cluster: FakedCluster;

const start = (settings?: Partial<LoadBalancerSettings>) => {
  cluster = new FakedCluster(settings);
};
const isDone = (step: string) => () => cluster.done.includes(step);
const finalizers = () => cluster.services.get(KEY)?.metadata.finalizers;
const reasons = () => cluster.events.map(({ reason }) => reason);

afterEach(() => cluster.stop());

describe('a Service that another controller should serve now', () => {
  it.each([
    [
      'as lb_handle_classless is switched off',
      { handleClassless: false },
      [],
      /lb_handle_classless and lb_class leave/,
    ],
    ['as it says by its finalizer', {}, [CLOUD_CONTROLLER], /load-balancer-cleanup says .* serves this Service, too/],
  ])('%s, keeps what it has and its status, with an Event', async (_name, settings, finalizers, reason) => {
    start(settings);
    cluster.apply(servedWeb({}, finalizers));
    await until(isDone('set members'));
    expect(cluster.done).toEqual(['set members']);
    expect(cluster.events).toMatchObject([
      { type: 'Warning', reason: 'LoadBalancerKept', note: expect.stringMatching(reason) },
    ]);
  });

  it('loses it when its type says so', async () => {
    start({ handleClassless: false });
    cluster.apply(servedWeb({ type: 'ClusterIP' }));
    await until(isDone('let go'));
    expect(cluster.done).toEqual(['delete load balancer', EMPTIED, 'let go']);
  });
});

describe('a Service that is to have no load balancer any more', () => {
  it('does not keep the address that it had when its status can’t be written at first', async () => {
    start();
    cluster.failingStatusWrites = 1;
    cluster.apply(servedWeb({ type: 'ClusterIP' }));
    await until(isDone('status failed'));
    expect(finalizers()).not.toEqual([]);
    cluster.again(KEY);
    await until(isDone('let go'));
    expect(cluster.services.get(KEY)?.status).toEqual({ loadBalancer: { ingress: null } });
    expect(cluster.done.slice(-2)).toEqual([EMPTIED, 'let go']);
  });

  it('keeps the status that another controller’s finalizer says is another’s', async () => {
    start({ serviceTypes: ['NodePort'] });
    cluster.apply(servedWeb({}, [CLOUD_CONTROLLER]));
    await until(isDone('let go'));
    expect(cluster.done).toEqual(['delete load balancer', 'let go']);
    expect(finalizers()).toEqual([CLOUD_CONTROLLER]);
    expect(reasons()).toEqual(['KuryrReleaseLB']);
  });

  it('of another class that never had one of ours is told nothing', async () => {
    start({ handleClassless: false });
    cluster.apply(web({}, { name: 'other' }));
    cluster.apply(servedWeb({ type: 'ClusterIP' }));
    await until(isDone('let go'));
    expect(reasons()).toEqual(['KuryrReleaseLB']);
  });
});
