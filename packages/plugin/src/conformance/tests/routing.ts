import assert from 'node:assert/strict';
import { type ConformanceTest, compareType, ruleType } from '../conformance-test.js';
import { member, pool, sendTo } from '../desired.js';
import { echoOf } from '../router-under-test.js';

const hosts = [ruleType('HOST_NAME'), compareType('REGEX')];
const hostsAndPaths = [...hosts, ruleType('PATH'), compareType('EQUAL_TO')];

export const ROUTING_TESTS: readonly ConformanceTest[] = [
  {
    name: 'sends nothing anywhere while it has no policies',
    run: (subject) => subject.assertUnmatched('www.example.com'),
  },
  {
    name: 'routes an exact host, whatever its case and with a port, and no other host',
    requires: hosts,
    async run(subject) {
      const backend = await subject.backend('backend');
      await subject.want([sendTo('pool', { host: 'www.example.com' })], [pool('pool', [member(backend)])]);
      await subject.assertReaches(backend, 'www.example.com', '/any/path');
      await subject.assertReaches(backend, 'WWW.Example.COM');
      await subject.assertReaches(backend, 'www.example.com:8080');
      for (const host of ['example.com', 'a.www.example.com', 'www.example.org', 'wwwxexample.com']) {
        await subject.assertUnmatched(host);
      }
    },
  },
  {
    name: 'routes a wildcard host for exactly one label',
    requires: hosts,
    async run(subject) {
      const backend = await subject.backend('backend');
      await subject.want([sendTo('pool', { host: '*.example.com' })], [pool('pool', [member(backend)])]);
      await subject.assertReaches(backend, 'a.example.com');
      await subject.assertReaches(backend, 'B.EXAMPLE.com:80');
      for (const host of ['example.com', 'a.b.example.com']) await subject.assertUnmatched(host);
    },
  },
  {
    name: 'prefers an exact host to a wildcard, and a wildcard to no host',
    requires: hostsAndPaths,
    async run(subject) {
      const [exact, wildcard, any] = [
        await subject.backend('exact'),
        await subject.backend('wildcard'),
        await subject.backend('any'),
      ];
      await subject.want(
        [
          sendTo('exact', { host: 'www.example.com' }),
          sendTo('wildcard', { host: '*.example.com' }),
          sendTo('any', { prefix: '/' }),
        ],
        [pool('exact', [member(exact)]), pool('wildcard', [member(wildcard)]), pool('any', [member(any)])],
      );
      await subject.assertReaches(exact, 'www.example.com');
      await subject.assertReaches(wildcard, 'other.example.com');
      await subject.assertReaches(any, 'www.example.org');
    },
  },
  {
    name: 'matches a Prefix by whole path elements, and looks at no query',
    requires: hostsAndPaths,
    async run(subject) {
      const backend = await subject.backend('backend');
      await subject.want([sendTo('pool', { host: 'a.example', prefix: '/foo' })], [pool('pool', [member(backend)])]);
      for (const path of ['/foo', '/foo/', '/foo/bar', '/foo?a=/b'])
        await subject.assertReaches(backend, 'a.example', path);
      for (const path of ['/', '/foobar', '/FOO', '/bar/foo', '/?x=/foo'])
        await subject.assertUnmatched('a.example', path);
    },
  },
  {
    name: 'prefers an Exact path to any Prefix, and a longer Prefix to a shorter one',
    requires: hostsAndPaths,
    async run(subject) {
      const [exact, long, short] = [
        await subject.backend('exact'),
        await subject.backend('long'),
        await subject.backend('short'),
      ];
      const host = 'a.example';
      await subject.want(
        [
          sendTo('exact', { host, exact: '/foo/bar' }),
          sendTo('long', { host, prefix: '/foo/bar' }),
          sendTo('short', { host, prefix: '/foo' }),
        ],
        [pool('exact', [member(exact)]), pool('long', [member(long)]), pool('short', [member(short)])],
      );
      await subject.assertReaches(exact, host, '/foo/bar');
      await subject.assertReaches(long, host, '/foo/bar/');
      await subject.assertReaches(short, host, '/foo/barbar');
    },
  },
  {
    name: 'hands on method, path, query, Host, fields and body as they came',
    requires: hosts,
    async run(subject) {
      const backend = await subject.backend('backend');
      await subject.want([sendTo('pool', { host: 'a.example' })], [pool('pool', [member(backend)])]);
      await subject.assertReaches(backend, 'a.example');
      const response = await subject.request({
        method: 'PUT',
        host: 'A.example:8080',
        path: '/a%20b/../c//d?e=f&g=%2F',
        headers: { 'x-given': 'yes', 'content-type': 'text/plain' },
        body: 'héllo',
      });
      const { method, path, headers, body } = echoOf(response);
      assert.deepEqual(
        { method, path, host: headers.host, given: headers['x-given'], type: headers['content-type'], body },
        {
          method: 'PUT',
          path: '/a%20b/../c//d?e=f&g=%2F',
          host: 'A.example:8080',
          given: 'yes',
          type: 'text/plain',
          body: 'héllo',
        },
      );
    },
  },
];
