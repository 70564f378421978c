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

  it('as it is of no class of ours any more is told before it loses it, and has no dead address in its status', async () => {
    start({ handleClassless: false });
    cluster.apply(servedWeb());
    await until(isDone('let go'));
    expect(cluster.done).toEqual(['delete load balancer', EMPTIED, 'let go']);
    expect(reasons()).toEqual(['LoadBalancerClassNotOurs', 'KuryrReleaseLB']);
    expect(cluster.events[0]).toMatchObject({
      type: 'Warning',
      note: expect.stringMatching(/\[kubernetes\] lb_handle_classless .* openstack\.org\/kuryr-l7/),
    });
  });

  it('keeps the status that another controller’s finalizer says is another’s', async () => {
    start();
    cluster.apply(servedWeb({}, [CLOUD_CONTROLLER]));
    await until(isDone('let go'));
    expect(cluster.done).toEqual(['delete load balancer', 'let go']);
    expect(finalizers()).toEqual([CLOUD_CONTROLLER]);
    expect(reasons()).toEqual(['ServedByAnotherController', 'KuryrReleaseLB']);
  });

  it('of another class that never had one of ours is told nothing', async () => {
    start({ handleClassless: false });
    cluster.apply(web({}, { name: 'other' }));
    cluster.apply(servedWeb({ type: 'ClusterIP' }));
    await until(isDone('let go'));
    expect(reasons()).toEqual(['KuryrReleaseLB']);
  });
});
