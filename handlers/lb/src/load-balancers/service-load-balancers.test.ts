import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@kuryr-l7/kube/testing';
import { ConfigurationError, LoadBalancerPendingError } from '@kuryr-l7/plugin';
import { type LoadBalancerSettings, SERVICE_FINALIZER } from '@kuryr-l7/service-load-balancer';
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

it('a Service that has a load balancer goes on with the endpoints of today where kuryr.conf names no subnet for VIPs', async () => {
  start();
  cluster.subnets = new ConfigurationError('[neutron_defaults] service_subnet: there is no subnet 1');
  cluster.apply(servedWeb());
  await until(() => reasons().includes('KuryrEnsureLBError'));
  expect(cluster.done).toEqual(['set members']);
  expect(cluster.events[0]?.note).toMatch(/there is no subnet 1/);
  cluster.apply(web({}, { name: 'new' }));
  await until(() => cluster.events.length === 2);
  expect(cluster.done).toEqual(['set members']);
});

it('a Service is told what is wrong with it also where its load balancer takes no members at the moment', async () => {
  cluster = new FakedCluster({}, new FakeClock());
  cluster.membersFailure = new LoadBalancerPendingError('load balancer 1 is PENDING_UPDATE');
  cluster.subnets = new ConfigurationError('[neutron_defaults] service_subnet: there is no subnet 1');
  cluster.apply(servedWeb());
  await until(() => cluster.events.length === 1);
  cluster.services.set('shop/first', {
    ...servedWeb(),
    metadata: { namespace: 'shop', name: 'first', finalizers: [SERVICE_FINALIZER] },
  } as ReturnType<typeof web>);
  cluster.subnets = [{ id: 'vips', ip_version: 4 }];
  cluster.apply({ ...servedWeb({ loadBalancerIP: '203.0.113.7' }), status: {} } as ReturnType<typeof web>);
  await until(() => cluster.events.length === 2);
  expect(cluster.done).toEqual(['set members', 'set members']);
  expect(cluster.events.map(({ note }) => note)).toEqual([
    expect.stringMatching(/there is no subnet 1/),
    expect.stringMatching(/is the address of another Service/),
  ]);
});

describe('a Service that names the address of another one as its VIP', () => {
  const thief = (loadBalancerIP: string, more: object = {}) =>
    ({ ...web({ loadBalancerIP }, { namespace: 'evil' }), ...more }) as ReturnType<typeof web>;

  it.each(['203.0.113.7', '2001:DB8:0::7'])('%s, waits, with an Event, until that is gone', async (address) => {
    start();
    const ingress = [{ ip: address === '203.0.113.7' ? address : '2001:db8::7' }];
    cluster.services.set(KEY, { ...servedWeb(), status: { loadBalancer: { ingress } } } as ReturnType<typeof web>);
    cluster.apply(thief(address));
    await until(() => reasons().includes('KuryrEnsureLBError'));
    expect(cluster.events[0]?.note).toMatch(/is the address of another Service/);
    expect(cluster.requests).toEqual([]);
    cluster.services.delete(KEY);
    cluster.again('evil/web');
    await until(() => cluster.requests.length > 0);
    expect(cluster.requests).toMatchObject([{ wanted: { service: 'evil/web' } }]);
  });

  it('has it where that has it from another controller, as Neutron knows whether it is free', async () => {
    start();
    cluster.services.set(KEY, { ...web(), status: servedWeb().status } as ReturnType<typeof web>);
    cluster.apply(thief('203.0.113.7'));
    await until(() => cluster.requests.length > 0);
    expect(reasons()).toEqual([]);
  });

  it('keeps its own, where it has it already, as in another network', async () => {
    start();
    cluster.services.set(KEY, servedWeb());
    cluster.apply(thief('203.0.113.7', { status: servedWeb().status }));
    await until(() => cluster.requests.length > 0);
    expect(reasons()).toEqual([]);
  });
});

it('the annotation kuryr-lbaas-state of a Service moves to its Endpoints when they come', async () => {
  start();
  cluster.apply(web());
  await until(() => cluster.annotated.length > 0);
  expect(cluster.annotated).toEqual(['Service']);
  cluster.applyEndpoints({ metadata: { namespace: 'shop', name: 'web' } } as ReturnType<typeof web>);
  await until(() => cluster.annotated.length === 3);
  expect(cluster.annotated).toEqual(['Service', 'Endpoints', '-Service']);
});

describe('the first load balancer of a Service', () => {
  it('is asked for when the finalizer stands, so that it goes with the Service whenever the controller is killed', async () => {
    start();
    cluster.apply(web());
    await until(() => cluster.requests.length > 0);
    expect(cluster.finalizersBefore).toEqual([[SERVICE_FINALIZER]]);
  });

  it('is not made where the Service went before it could have the finalizer', async () => {
    start();
    cluster.gone.add(KEY);
    cluster.apply(web());
    cluster.apply(web({}, { name: 'next' }));
    await until(() => cluster.requests.length > 0);
    expect(cluster.requests).toMatchObject([{ wanted: { service: 'shop/next' } }]);
  });
});

describe('a Service that can’t have what it asks for', () => {
  const told = (count: number) => until(() => cluster.events.length === count);

  it('is told once, and again where it is made anew under its name', async () => {
    start();
    cluster.apply(web({ loadBalancerSourceRanges: ['anybody'] }, { uid: '1' }));
    await told(1);
    cluster.apply(web({ loadBalancerSourceRanges: ['anybody'] }, { uid: '1', labels: { changed: 'yes' } }));
    cluster.apply(web({ loadBalancerSourceRanges: ['anybody'] }, { name: 'other' }));
    await told(2);
    // Nobody may have seen that it was gone in between.
    cluster.apply(web({ loadBalancerSourceRanges: ['anybody'] }, { uid: '2' }));
    await told(3);
    cluster.remove(KEY);
    cluster.apply(web({ loadBalancerSourceRanges: ['anybody'] }, { name: 'third' }));
    await told(4);
    cluster.apply(web({ loadBalancerSourceRanges: ['anybody'] }, { uid: '2' }));
    await told(5);
    expect(new Set(reasons())).toEqual(new Set(['InvalidSourceRange']));
  });
});

describe('the address of a Service', () => {
  it('does not change without an Event', async () => {
    start();
    cluster.apply({ ...servedWeb(), status: { loadBalancer: { ingress: [{ ip: '203.0.113.6' }] } } } as ReturnType<
      typeof web
    >);
    await until(() => cluster.done.length > 0);
    expect(cluster.events).toMatchObject([
      { type: 'Warning', reason: 'AddressChanged', note: expect.stringMatching(/203\.0\.113\.6 .*203\.0\.113\.7/) },
    ]);
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

  it('loses what the survey finds also where somebody took the finalizer off', async () => {
    const clock = new FakeClock();
    cluster = new FakedCluster({}, clock);
    cluster.surveyed.add(KEY);
    cluster.apply(web({ type: 'ClusterIP' }));
    // Two rounds.
    await clock.advance(12_000_000);
    expect(cluster.done).toEqual(['delete load balancer', 'let go']);
  });

  it('as another controller serves it since it was made anew under its name, keeps the status of that one', async () => {
    const clock = new FakeClock();
    cluster = new FakedCluster({}, clock);
    cluster.surveyed.add(KEY);
    const { status } = servedWeb();
    cluster.apply({ ...web({ loadBalancerClass: 'example.com/other' }), status } as ReturnType<typeof web>);
    // Two rounds.
    await clock.advance(12_000_000);
    expect(cluster.done).toEqual(['delete load balancer', 'let go']);
  });

  it('of another class that never had one of ours is told nothing', async () => {
    start({ handleClassless: false });
    cluster.apply(web({}, { name: 'other' }));
    cluster.apply(servedWeb({ type: 'ClusterIP' }));
    await until(isDone('let go'));
    expect(reasons()).toEqual(['KuryrReleaseLB']);
  });
});
