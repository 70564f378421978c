import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backend, ingress, namespace } from './manifests.fixture.js';
import { ServiceCloud, web } from './service-cloud.fixture.js';
import { eventually, TestCluster } from './test-cluster.fixture.js';

describe('what Kuryr’s Routes did wrong is right for Ingresses:', () => {
  let cluster: TestCluster;

  const answers = (host: string, path: string, to: string | number) =>
    eventually(async () => expect(await cluster.answers(host, path)).toBe(to));

  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.apply(...backend('s1'), ...backend('s2'));
  });

  afterEach(() => cluster.stop());

  it('the order of creation was the precedence, so that a route / that was created first hid /foo', async () => {
    cluster.apply(ingress('all', [['www.example.com', ['/', 'Prefix', 's1']]]));
    await answers('www.example.com', '/foo', 's1');
    cluster.apply(ingress('foo', [['www.example.com', ['/foo', 'Prefix', 's2']]]));
    await answers('www.example.com', '/foo', 's2');
    await answers('www.example.com', '/bar', 's1');
  });

  it('STARTS_WITH /foo matched /foobar, and HOST_NAME EQUAL_TO failed where the client named the port', async () => {
    cluster.apply(ingress('foo', [['www.example.com', ['/foo', 'Prefix', 's1']]]));
    await answers('www.example.com:8080', '/foo/bar', 's1');
    expect(await cluster.answers('www.example.com', '/foobar')).toBe(404);
  });

  it('there was no default backend and no wildcard host', async () => {
    const spec = { defaultBackend: { service: { name: 's2', port: { number: 80 } } } };
    cluster.apply(ingress('any', [], { spec }), ingress('wild', [['*.example.com', ['/', 'Prefix', 's1']]]));
    await answers('a.example.com', '/', 's1');
    await answers('elsewhere.test', '/', 's2');
  });

  it('names collided: namespace a with route bc was namespace ab with route c', async () => {
    cluster.apply(namespace('a'), namespace('ab'), ...backend('x', 1, 'a'), ...backend('y', 1, 'ab'));
    cluster.apply(
      ingress('bc', [['one.example.com', ['/', 'Prefix', 'x']]], { namespace: 'a' }),
      ingress('c', [['two.example.com', ['/', 'Prefix', 'y']]], { namespace: 'ab' }),
    );
    await answers('one.example.com', '/', 'x');
    await answers('two.example.com', '/', 'y');
    cluster.delete('Ingress', 'bc', 'a');
    await answers('one.example.com', '/', 404);
    expect(await cluster.answers('two.example.com')).toBe('y');
  });

  it('another target Service was never applied', async () => {
    cluster.apply(ingress('web', [['www.example.com', ['/', 'Prefix', 's1']]]));
    await answers('www.example.com', '/', 's1');
    cluster.apply(ingress('web', [['www.example.com', ['/', 'Prefix', 's2']]]));
    await answers('www.example.com', '/', 's2');
  });

  it('a path that was removed was a KeyError', async () => {
    const both = [['/', 'Prefix', 's1'] as const, ['/foo', 'Prefix', 's2'] as const];
    cluster.apply(ingress('web', [['www.example.com', ...both]]));
    await answers('www.example.com', '/foo', 's2');
    cluster.apply(ingress('web', [['www.example.com', ['/', 'Prefix', 's1']]]));
    await answers('www.example.com', '/foo', 's1');
  });

  it('Endpoints without ready addresses were a KeyError', async () => {
    const service = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    });
    const subsets = [{ notReadyAddresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80, protocol: 'TCP' }] }];
    cluster.apply(service('by-hand'), {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'by-hand', namespace: 'default' },
      subsets,
    });
    const rule = ['www.example.com', ['/', 'Prefix', 's1'], ['/hand', 'Prefix', 'by-hand']] as const;
    cluster.apply(ingress('web', [rule]));
    await answers('www.example.com', '/', 's1');
    await answers('www.example.com', '/hand', 503);
  });

  it('an annotation that somebody edited corrupted the state', async () => {
    cluster.apply(ingress('web', [['www.example.com', ['/', 'Prefix', 's1']]]));
    await answers('www.example.com', '/', 's1');
    const annotations = {
      'openstack.org/kuryr-lbaas-route-state': 'not even JSON',
      'openstack.org/kuryr-lbaas-route-notif': '{"routes": 7}',
    };
    const [, spoilt] = backend('s1');
    if (spoilt !== undefined) cluster.apply({ ...spoilt, metadata: { ...spoilt.metadata, annotations } });
    cluster.apply(ingress('web', [['www.example.com', ['/', 'Prefix', 's2'], ['/s1', 'Prefix', 's1']]]));
    await answers('www.example.com', '/', 's2');
    await answers('www.example.com', '/s1', 's1');
    await eventually(() => {
      const { annotations: now } = cluster.get('Service', 's1').metadata;
      expect(now?.['openstack.org/kuryr-lbaas-route-state']).toContain('LBaaSRouteState');
    });
  });
});

describe('what Kuryr’s load balancers of Services did wrong is right here:', () => {
  let there: ServiceCloud;

  const settled = () => eventually(() => expect(there.ipOf('web')).toBeDefined());

  beforeEach(async () => {
    there = await ServiceCloud.start();
  });

  afterEach(() => there.stop());

  it('the clean-up at the start deleted load balancers of strangers (LP 1858108)', async () => {
    const { octavia } = there.cloud;
    const vip_subnet_id = there.simulator.facts.networks.vips.subnetId;
    const strangers = [
      { name: 'default/gone', tags: [] },
      { name: 'default/gone', tags: ['kuryr-cluster=c10', 'kuryr-source=Service/default/gone'] },
      { name: 'default/gone', tags: ['kuryr-cluster=c1'] },
    ];
    for (const stranger of strangers) await octavia.loadBalancers.create({ ...stranger, vip_subnet_id });
    const ours = ['kuryr-cluster=c1', 'kuryr-source=Service/default/left'];
    await octavia.loadBalancers.create({ name: 'default/left', tags: ours, vip_subnet_id });
    await there.simulator.octavia.idle();
    await there.cluster.startController(there.settings());
    await eventually(async () => {
      const left = await octavia.loadBalancers.list();
      expect(left.map(({ name }) => name)).toEqual(['default/gone', 'default/gone', 'default/gone']);
    });
  });

  it('timeouts of listeners were written at every reconcile (LP 1930220, LP 1923605)', async () => {
    const timeouts = { OS_OCTAVIA_DEFAULTS__TIMEOUT_CLIENT_DATA: '61000' };
    there.cluster.apply(web());
    await there.cluster.startController(there.settings(timeouts));
    await settled();
    await there.cluster.stopController();
    there.simulator.octavia.traffic.reset();
    await there.cluster.startController(there.settings(timeouts));
    await eventually(() => expect(there.simulator.octavia.traffic.reads).toBeGreaterThan(3));
    await there.cluster.stopController();
    expect(there.simulator.octavia.traffic.writes).toBe(0);
  });

  it('members stayed that were gone from the Endpoints (LP 1904395)', async () => {
    const { octavia } = there.cloud;
    there.cluster.apply(web());
    there.applyEndpoints('web', '10.1.0.1', '10.1.0.2');
    await there.cluster.startController(there.settings());
    await settled();
    const [pool] = await octavia.pools.list();
    for (const addresses of [['10.1.0.2'], [], ['10.1.0.3']]) {
      there.applyEndpoints('web', ...addresses);
      await eventually(async () => {
        const members = await octavia.members.list(pool?.id ?? '');
        expect(members.map(({ address }) => address)).toEqual(addresses);
      });
    }
  });

  it('a failing cloud killed the process (LP 1853460)', async () => {
    there.cluster.apply(web());
    there.simulator.octavia.interference.fail({ answer: 503, count: 3, matches: ({ method }) => method === 'POST' });
    await there.cluster.startController(there.settings());
    await settled();
    expect(await there.cloud.octavia.loadBalancers.list()).toHaveLength(1);
  });
});
