import assert from 'node:assert/strict';
import type { L7Rule } from '@kuryr-l7/router';
import { action, type ConformanceTest, compareType, ruleType } from '../conformance-test.js';
import { member, policy, pool, sendTo } from '../desired.js';
import { assertAll, underLoad } from '../load.js';
import type { RouterUnderTest } from '../router-under-test.js';

const HOST = 'a.example';
const requires = [ruleType('HOST_NAME'), compareType('REGEX')];
const withPaths = [...requires, ruleType('PATH')];

/** One policy with a rule more than its host, and one that takes the rest. */
async function wantRule(subject: RouterUnderTest, rule: L7Rule) {
  const [matched, rest] = [await subject.backend('matched'), await subject.backend('rest')];
  await subject.want(
    [sendTo('matched', { host: HOST, prefix: '/', rules: [rule] }), sendTo('rest', { prefix: '/' })],
    [pool('matched', [member(matched)]), pool('rest', [member(rest)])],
  );
  return { matched, rest };
}

export const POLICY_TESTS: readonly ConformanceTest[] = [
  {
    name: 'puts a more specific policy before those that are there, under load, without a failed request',
    requires: withPaths,
    async run(subject) {
      const [old, young] = [await subject.backend('old'), await subject.backend('young')];
      const before = sendTo('old', { host: HOST, prefix: '/' });
      const pools = [pool('old', [member(old)]), pool('young', [member(young)])];
      await subject.want([before], pools);
      await subject.assertReaches(old, HOST, '/new');
      const load = await underLoad(
        () => subject.get(HOST, '/new'),
        () => subject.want([before, sendTo('young', { host: HOST, prefix: '/new' })], pools),
      );
      assertAll(load, 200);
      await subject.assertReaches(young, HOST, '/new');
      await subject.assertReaches(old, HOST, '/other');
    },
  },
  {
    name: 'stops routing what a deleted policy routed',
    requires: withPaths,
    async run(subject) {
      const backend = await subject.backend('backend');
      const pools = [pool('pool', [member(backend)])];
      const staying = sendTo('pool', { host: HOST, prefix: '/stays' });
      await subject.want([staying, sendTo('pool', { host: HOST, prefix: '/goes' })], pools);
      await subject.assertReaches(backend, HOST, '/goes');
      await subject.want([staying], pools);
      await subject.assertUnmatched(HOST, '/goes');
      await subject.assertReaches(backend, HOST, '/stays');
    },
  },
  {
    name: 'lets a disabled policy match nothing until it is enabled',
    requires,
    async run(subject) {
      const backend = await subject.backend('backend');
      const pools = [pool('pool', [member(backend)])];
      const policy = sendTo('pool', { host: HOST });
      await subject.want([policy], pools);
      await subject.assertReaches(backend, HOST);
      for (const { key: listener } of subject.router.description.listeners) {
        await subject.apply({ type: 'updatePolicy', listener, policy: policy.key, patch: { enabled: false } });
      }
      await subject.assertUnmatched(HOST);
      await subject.want([policy], pools);
      await subject.assertReaches(backend, HOST);
    },
  },
  {
    name: 'asks for all rules of a policy',
    requires: withPaths,
    async run(subject) {
      const { matched, rest } = await wantRule(subject, {
        type: 'PATH',
        compareType: 'REGEX',
        value: '^/foo(/|$)',
        invert: false,
      });
      await subject.assertReaches(matched, HOST, '/foo');
      await subject.assertReaches(rest, HOST, '/bar');
      await subject.assertReaches(rest, 'b.example', '/foo');
    },
  },
  {
    name: 'inverts a rule',
    requires: withPaths,
    async run(subject) {
      const { matched, rest } = await wantRule(subject, {
        type: 'PATH',
        compareType: 'REGEX',
        value: '^/foo(/|$)',
        invert: true,
      });
      await subject.assertReaches(matched, HOST, '/bar');
      await subject.assertReaches(rest, HOST, '/foo/bar');
    },
  },
  {
    name: 'routes by a header, whose name may be in any case',
    requires: [...requires, ruleType('HEADER'), compareType('EQUAL_TO')],
    async run(subject) {
      const rule = {
        type: 'HEADER',
        compareType: 'EQUAL_TO',
        key: 'X-Canary',
        value: 'always',
        invert: false,
      } as const;
      const { matched, rest } = await wantRule(subject, rule);
      await subject.assertReaches(matched, HOST, '/', { 'x-canary': 'always' });
      await subject.assertReaches(rest, HOST, '/', { 'x-canary': 'never' });
      await subject.assertReaches(rest, HOST);
    },
  },
  {
    name: 'routes by a cookie',
    requires: [...requires, ruleType('COOKIE'), compareType('EQUAL_TO')],
    async run(subject) {
      const rule = { type: 'COOKIE', compareType: 'EQUAL_TO', key: 'canary', value: 'always', invert: false } as const;
      const { matched, rest } = await wantRule(subject, rule);
      await subject.assertReaches(matched, HOST, '/', { cookie: 'a=b; canary=always; c=d' });
      await subject.assertReaches(rest, HOST, '/', { cookie: 'canary=never' });
      await subject.assertReaches(rest, HOST, '/', { cookie: 'notcanary=always' });
    },
  },
  ...(['STARTS_WITH', 'ENDS_WITH', 'CONTAINS'] as const).map(
    (comparison): ConformanceTest => ({
      name: `compares a path by ${comparison}`,
      requires: [...withPaths, compareType(comparison)],
      async run(subject) {
        const { matched, rest } = await wantRule(subject, {
          type: 'PATH',
          compareType: comparison,
          value: { STARTS_WITH: '/foo', ENDS_WITH: '.png', CONTAINS: '/in/' }[comparison],
          invert: false,
        });
        await subject.assertReaches(matched, HOST, '/foo/in/a.png');
        await subject.assertReaches(rest, HOST, '/bar');
      },
    }),
  ),
  {
    name: 'redirects to a URL with the given status',
    requires: [...requires, action('REDIRECT_TO_URL')],
    async run(subject) {
      const redirectUrl = 'https://www.example.com/new';
      await subject.want(
        [policy({ host: HOST }, { action: 'REDIRECT_TO_URL', redirectUrl, redirectHttpCode: 308 })],
        [],
      );
      await subject.assertStatus(308, HOST);
      assert.equal((await subject.get(HOST, '/old?a=b')).headers.location, redirectUrl);
    },
  },
  {
    name: 'redirects to a prefix and keeps path and query',
    requires: [...requires, action('REDIRECT_PREFIX')],
    async run(subject) {
      const does = { action: 'REDIRECT_PREFIX', redirectPrefix: `https://${HOST}`, redirectHttpCode: 301 } as const;
      await subject.want([policy({ host: HOST }, does)], []);
      await subject.assertStatus(301, HOST);
      assert.equal((await subject.get(HOST, '/old/path?a=b')).headers.location, `https://${HOST}/old/path?a=b`);
    },
  },
  {
    name: 'rejects with 403, before any policy that sends to a pool',
    requires: [...withPaths, action('REJECT')],
    async run(subject) {
      const backend = await subject.backend('backend');
      await subject.want(
        [
          sendTo('pool', { host: HOST, exact: '/private' }),
          policy({ host: HOST, prefix: '/private' }, { action: 'REJECT' }),
        ],
        [pool('pool', [member(backend)])],
      );
      await subject.assertStatus(403, HOST, '/private');
      await subject.assertStatus(403, HOST, '/private/more');
      await subject.assertUnmatched(HOST, '/public');
    },
  },
  {
    name: 'answers by itself with the status of a fixed response',
    requires: [...withPaths, action('FIXED_RESPONSE')],
    async run(subject) {
      const backend = await subject.backend('backend');
      await subject.want(
        [
          sendTo('pool', { host: HOST, prefix: '/foo' }),
          policy({ host: HOST }, { action: 'FIXED_RESPONSE', statusCode: 404 }),
          sendTo('pool', { prefix: '/' }),
        ],
        [pool('pool', [member(backend)])],
      );
      await subject.assertReaches(backend, HOST, '/foo');
      await subject.assertStatus(404, HOST, '/bar');
      await subject.assertReaches(backend, 'b.example', '/bar');
    },
  },
];
