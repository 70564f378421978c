import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { backend, ingress, namespace } from './manifests.fixture.js';
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

  it('PATH EQUAL_TO /foo did not match what lies below it (LP 1781828)', async () => {
    cluster.apply(ingress('foo', [['www.example.com', ['/foo', 'Prefix', 's1']]]));
    await answers('www.example.com', '/foo', 's1');
    for (const path of ['/foo/', '/foo/bar', '/foo/bar/baz?x=/']) {
      expect(await cluster.answers('www.example.com', path)).toBe('s1');
    }
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

  it('a host that was taken off had its rule released with the wrong number of arguments', async () => {
    cluster.apply(ingress('web', [['www.example.com', ['/', 'Prefix', 's1']]]));
    await answers('www.example.com', '/', 's1');
    expect(await cluster.answers('elsewhere.test')).toBe(404);
    cluster.apply(ingress('web', [['', ['/', 'Prefix', 's2']]]));
    await answers('elsewhere.test', '/', 's2');
    await answers('www.example.com', '/', 's2');
  });

  it('Endpoints without ready addresses were a KeyError, so that members stayed', async () => {
    const service = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    });
    const endpoints = (readiness: 'addresses' | 'notReadyAddresses') => ({
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'by-hand', namespace: 'default' },
      subsets: [{ [readiness]: [{ ip: '192.0.2.1' }], ports: [{ port: 80, protocol: 'TCP' }] }],
    });
    const members = () => {
      const { pools = [] } = cluster.controller.session?.desired.snapshot() ?? {};
      return pools.find(({ request }) => request.name === 'default_by-hand')?.pool?.members;
    };
    cluster.apply(service('by-hand'), endpoints('addresses'));
    const rule = ['www.example.com', ['/', 'Prefix', 's1'], ['/hand', 'Prefix', 'by-hand']] as const;
    cluster.apply(ingress('web', [rule]));
    await eventually(() => expect(members()).toMatchObject([{ address: '192.0.2.1', port: 80 }]));
    cluster.apply(endpoints('notReadyAddresses'));
    await eventually(() => expect(members()).toEqual([]));
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
