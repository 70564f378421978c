import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { backend, defaultBackend, deployment, ingress } from './manifests.fixture.js';
import { eventually, TestCluster } from './test-cluster.fixture.js';

/**
 * The scenarios of kubernetes-sigs/ingress-controller-conformance (archived in 2021, the only official suite for Ingress)
 * that need no certificate, with its hosts and paths, over real HTTP.
 */
describe('Ingress conformance', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });

  afterAll(() => cluster.stop());

  describe('default backend', () => {
    beforeAll(async () => {
      cluster.apply(
        ...backend('default-backend'),
        ingress('default-backend', [], { spec: defaultBackend('default-backend') }),
      );
      await eventually(async () => expect(await cluster.answers('any.example.com')).toBe('default-backend'));
    });

    afterAll(async () => {
      cluster.delete('Ingress', 'default-backend');
      await eventually(async () => expect(await cluster.answers('any.example.com')).toBe(404));
    });

    it.each(['/', '/sub/path', '/?query=1'])('takes %s of every host', async (path) => {
      const { status, pod } = await cluster.request('my-host', path);
      expect(status).toBe(200);
      expect(pod).toMatchObject({ service: 'default-backend', host: 'my-host' });
    });
  });

  describe('host rules', () => {
    beforeAll(async () => {
      cluster.apply(...backend('foo-bar-com'), ...backend('wildcard-foo-com'));
      cluster.apply(
        ingress('hosts', [
          ['*.foo.com', ['/', 'Prefix', 'wildcard-foo-com']],
          ['foo.bar.com', ['/', 'Prefix', 'foo-bar-com']],
        ]),
      );
      await eventually(async () => expect(await cluster.answers('foo.bar.com')).toBe('foo-bar-com'));
    });

    it.each([
      ['foo.bar.com', 'foo-bar-com'],
      ['FOO.bar.com', 'foo-bar-com'],
      ['foo.bar.com:8080', 'foo-bar-com'],
      ['subdomain.bar.com', 404],
      ['bar.foo.com', 'wildcard-foo-com'],
      ['bar.foo.com:80', 'wildcard-foo-com'],
      ['baz.bar.foo.com', 404],
      ['foo.com', 404],
    ])('a request for host %s is answered by %s', async (host, expected) => {
      expect(await cluster.answers(host, '/x')).toBe(expected);
    });
  });

  describe('Ingress class', () => {
    it('leaves the status of an Ingress of an unknown class empty', async () => {
      cluster.apply(
        ingress('unknown-class', [['unknown.example.com', ['/', 'Prefix', 'foo-bar-com']]], {
          spec: { ingressClassName: 'some-invalid-class-name' },
        }),
        ingress('later', [['later.example.com', ['/', 'Prefix', 'foo-bar-com']]]),
      );
      await eventually(async () => expect(await cluster.answers('later.example.com')).toBe('foo-bar-com'));
      await eventually(() => expect(cluster.get('Ingress', 'later').status?.loadBalancer?.ingress).toHaveLength(1));
      expect(cluster.get('Ingress', 'unknown-class').status?.loadBalancer?.ingress ?? []).toEqual([]);
      expect(await cluster.answers('unknown.example.com')).toBe(404);
    });
  });

  describe('load balancing', () => {
    it('spreads 100 requests over all 10 Pods after the Deployment was scaled', async () => {
      cluster.apply(...backend('scaled'), ingress('scaled', [['scaled.example.com', ['/', 'Prefix', 'scaled']]]));
      await eventually(async () => expect(await cluster.answers('scaled.example.com')).toBe('scaled'));
      cluster.apply(deployment('scaled', 10));
      await eventually(async () => {
        const answers = await Promise.all(Array.from({ length: 100 }, () => cluster.request('scaled.example.com')));
        expect(new Set(answers.map(({ pod }) => pod?.pod)).size).toBe(10);
      });
    });
  });

  describe('path rules', () => {
    beforeAll(async () => {
      const services = [
        'foo-exact',
        'foo-slash-exact',
        'foo-prefix',
        'aaa-bbb',
        'aaa',
        'aaa-slash-bbb',
        'mixed-exact',
        'mixed-prefix',
        'root',
      ];
      for (const name of services) cluster.apply(...backend(name));
      cluster.apply(
        ingress('paths', [
          ['exact-path-rules', ['/foo', 'Exact', 'foo-exact']],
          ['exact-slash-rules', ['/foo/', 'Exact', 'foo-slash-exact']],
          [
            'prefix-path-rules',
            ['/foo', 'Prefix', 'foo-prefix'],
            ['/aaa/bbb', 'Prefix', 'aaa-slash-bbb'],
            ['/aaa', 'Prefix', 'aaa'],
          ],
          ['mixed-path-rules', ['/foo', 'Prefix', 'mixed-prefix'], ['/foo', 'Exact', 'mixed-exact']],
          ['trailing-slash-path-rules', ['/aaa/bbb/', 'Prefix', 'aaa-bbb'], ['/', 'Prefix', 'root']],
        ]),
      );
      await eventually(async () => expect(await cluster.answers('trailing-slash-path-rules')).toBe('root'));
    });

    it.each([
      ['exact-path-rules', '/foo', 'foo-exact'],
      ['exact-path-rules', '/bar', 404],
      ['exact-path-rules', '/FOO', 404],
      ['exact-path-rules', '/foo/', 404],
      ['exact-slash-rules', '/foo', 404],
      ['exact-slash-rules', '/foo/', 'foo-slash-exact'],
      ['prefix-path-rules', '/foo', 'foo-prefix'],
      ['prefix-path-rules', '/foo/', 'foo-prefix'],
      ['prefix-path-rules', '/foo/bar?x=/', 'foo-prefix'],
      ['prefix-path-rules', '/FOO', 404],
      ['prefix-path-rules', '/foobar', 404],
      ['prefix-path-rules', '/aaa/bbb', 'aaa-slash-bbb'],
      ['prefix-path-rules', '/aaa/bbb/ccc', 'aaa-slash-bbb'],
      ['prefix-path-rules', '/aaa/bbbccc', 'aaa'],
      ['prefix-path-rules', '/aaa/ccc', 'aaa'],
      ['prefix-path-rules', '/ccc', 404],
      ['mixed-path-rules', '/foo', 'mixed-exact'],
      ['mixed-path-rules', '/foo/', 'mixed-prefix'],
      ['trailing-slash-path-rules', '/aaa/bbb', 'aaa-bbb'],
      ['trailing-slash-path-rules', '/aaa/bbb/', 'aaa-bbb'],
      ['trailing-slash-path-rules', '/aaa/bbbxyz', 'root'],
    ])('%s%s is answered by %s', async (host, path, expected) => {
      expect(await cluster.answers(host, path)).toBe(expected);
    });
  });
});
