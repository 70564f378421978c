import assert from 'node:assert/strict';
import type { Change, L7Policy, ObservedRouter, Pool, Router } from '@kuryr-l7/router';
import { RouterRefusedError } from '../../errors.js';
import { type ConformanceTest, compareType, flag, ruleType } from '../conformance-test.js';
import { member, pool, sendTo } from '../desired.js';
import type { RouterUnderTest } from '../router-under-test.js';

const HOST = 'a.example';
const requires = [ruleType('HOST_NAME'), compareType('REGEX'), ruleType('PATH'), compareType('EQUAL_TO')];

/** Two routers that differ in pools, members, policies, rules and their order, and where each sends requests. */
async function twoRouters(subject: RouterUnderTest): Promise<{ first: Router; second: Router; check: Check }> {
  const [one, two] = [await subject.backend('one'), await subject.backend('two')];
  const first = subject.desired(
    [
      sendTo('one', { host: HOST, exact: '/exact' }),
      sendTo('one', { host: HOST, prefix: '/old' }),
      sendTo('one', { host: HOST, prefix: '/' }),
    ],
    [pool('one', [member(one)])],
  );
  const second = subject.desired(
    [
      sendTo('two', { host: HOST, exact: '/exact' }),
      sendTo('two', { host: HOST, prefix: '/new/deeper' }),
      sendTo('one', { host: HOST, prefix: '/new' }),
      sendTo('one', { host: HOST, prefix: '/' }),
      sendTo('two', { host: '*.example', prefix: '/' }),
    ],
    [pool('one', [member(one)]), pool('two', [member(one), member(two)]), pool('spare', [])],
  );
  const check = async (): Promise<void> => {
    await subject.assertReaches(one, HOST, '/new');
    await subject.assertStatus(200, HOST, '/exact');
    await subject.assertStatus(200, 'b.example');
    assert.deepEqual(await subject.plan(second), [], 'nothing should be left to do');
  };
  return { first, second, check };
}

type Check = () => Promise<void>;

/** The observed router as desired: what is ours, without what only the backend knows. */
function ours(observed: ObservedRouter): Router {
  return {
    listeners: observed.listeners.map(({ key, protocol, port, policies }) => ({
      key,
      protocol,
      port,
      policies: policies.filter(({ foreign }) => foreign !== true).map(({ id, failed, ...rest }) => rest),
    })),
    pools: observed.pools.filter(({ foreign }) => foreign !== true).map(({ id, failed, ...rest }) => rest),
  };
}

function byName(router: Router): Router {
  return { ...router, pools: router.pools.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** How the router tells what it has. In both modes of writing. */
export const STATE_TESTS: readonly ConformanceTest[] = [
  {
    name: 'can do what its driver says',
    async run(subject) {
      assert.deepEqual(subject.router.capabilities, subject.fixture.capabilities);
      assert.equal(subject.router.replace !== undefined, subject.router.capabilities.atomicReplace);
      assert.notEqual(subject.router.description.listeners.length, 0, 'a router has a listener');
    },
  },
  {
    name: 'tells in its snapshot what was put on it',
    requires,
    async run(subject) {
      const { first, second } = await twoRouters(subject);
      for (const wanted of [first, second, first]) {
        await subject.converge(wanted);
        assert.deepEqual(byName(ours(await subject.snapshot())), byName(wanted));
      }
    },
  },
  {
    name: 'needs no write when nothing differs',
    requires,
    async run(subject) {
      const { first, second } = await twoRouters(subject);
      for (const wanted of [first, second, subject.desired([], [])]) {
        await subject.converge(wanted);
        assert.deepEqual(await subject.plan(wanted), []);
      }
    },
  },
  {
    name: 'keeps all settings of members and health monitors',
    requires: [...requires, flag('memberWeights'), flag('healthMonitors')],
    async run(subject) {
      const backend = await subject.backend('backend');
      const monitor = { type: 'HTTP', delay: 60, timeout: 5, maxRetries: 2, maxRetriesDown: 3 } as const;
      const details = { httpMethod: 'HEAD', urlPath: '/healthz', expectedCodes: '200-204' };
      for (const healthMonitor of [
        { ...monitor, ...details },
        { ...monitor, ...details, delay: 30, urlPath: '/' },
      ]) {
        const wanted = subject.desired(
          [sendTo('pool', { host: HOST })],
          [pool('pool', [member(backend, { weight: 256 })], { healthMonitor })],
        );
        await subject.converge(wanted);
        assert.deepEqual(await subject.plan(wanted), []);
      }
    },
  },
];

/** How single changes behave. */
export const CHANGE_TESTS: readonly ConformanceTest[] = [
  {
    name: 'is not harmed by a change made once more because nobody knows whether it was made',
    requires,
    async run(subject) {
      const { first, second, check } = await twoRouters(subject);
      for (const wanted of [first, second, first, second]) {
        for (const change of await subject.plan(wanted)) {
          await subject.apply(change);
          await subject.apply(change);
        }
      }
      await check();
    },
  },
  {
    name: 'can be brought to what is wanted from wherever a plan was dropped',
    requires,
    async run(subject) {
      const { first, second, check } = await twoRouters(subject);
      await subject.converge(first);
      const steps = (await subject.plan(second)).length;
      for (const made of places(steps - 1, subject.fixture.interruptions)) {
        for (const change of (await subject.plan(second)).slice(0, made)) await subject.apply(change);
        for (const change of await subject.plan(first)) await subject.apply(change);
      }
      for (const change of await subject.plan(second)) await subject.apply(change);
      await check();
    },
  },
  {
    name: 'moves a policy before another one that it shares requests with',
    requires,
    async run(subject) {
      const [one, two] = [await subject.backend('one'), await subject.backend('two')];
      const [listener] = subject.router.description.listeners;
      assert.ok(listener);
      const before = sendTo('one', { host: HOST, prefix: '/', name: '#1' });
      const behind = sendTo('two', { host: HOST, prefix: '/', name: '#2' });
      for (const target of [pool('one', [member(one)]), pool('two', [member(two)])]) {
        for (const change of poolCreation(subject, target)) await subject.apply(change);
      }
      for (const each of subject.router.description.listeners) {
        for (const created of [before, behind]) {
          for (const change of policyCreation(subject, each.key, created)) await subject.apply(change);
        }
      }
      await subject.assertReaches(one, HOST);
      for (const each of subject.router.description.listeners) {
        const { policies = [] } = (await subject.snapshot()).listeners.find(({ key }) => key === each.key) ?? {};
        const position = policies.findIndex(({ key }) => key === before.key) + 1;
        await subject.apply({ type: 'updatePolicy', listener: each.key, policy: behind.key, patch: {}, position });
      }
      await subject.assertReaches(two, HOST);
    },
  },
  {
    name: 'refuses a change that can never be made, and stays as it is',
    requires,
    async run(subject) {
      const backend = await subject.backend('backend');
      const wanted = subject.desired([sendTo('pool', { host: HOST })], [pool('pool', [member(backend)])]);
      await subject.converge(wanted);
      await assert.rejects(subject.apply({ type: 'deletePool', pool: 'pool' }), RouterRefusedError);
      await subject.assertReaches(backend, HOST);
      assert.deepEqual(await subject.plan(wanted), []);
    },
  },
];

/** What holds for routers that outlive the process. */
export const REOPENING_TESTS: readonly ConformanceTest[] = [
  {
    name: 'is found as it was left by a process that opens it after a crash',
    requires,
    async run(subject) {
      const { first, second, check } = await twoRouters(subject);
      await subject.converge(first);
      const steps = (await subject.plan(second)).length;
      for (const made of places(steps, subject.fixture.interruptions)) {
        for (const change of (await subject.plan(second)).slice(0, made)) await subject.apply(change);
        await subject.reopen();
        await subject.converge(made === steps ? second : first);
      }
      await check();
    },
  },
];

/** What holds where others have objects on the router. */
export const FOREIGN_TESTS: readonly ConformanceTest[] = [
  {
    name: 'leaves alone what this cluster did not make',
    requires,
    async run(subject) {
      const foreign = await subject.fixture.addForeignObjects?.(subject.opened);
      const { first, second } = await twoRouters(subject);
      for (const wanted of [first, second, subject.desired([], [])]) {
        await subject.converge(wanted);
        await foreign?.check();
      }
    },
  },
];

/** So many of the numbers from 0 to the last, evenly spread, or all of them. */
function places(last: number, most = Number.POSITIVE_INFINITY): readonly number[] {
  const count = Math.max(2, Math.min(most, last + 1));
  return Array.from({ length: count }, (_, index) => Math.round((index * last) / (count - 1)));
}

function poolCreation(subject: RouterUnderTest, created: Pool): readonly Change[] {
  const whole: Change = { type: 'createPool', pool: created };
  if (subject.router.capabilities.poolWithMembers) return [whole];
  const members: Change = { type: 'setMembers', pool: created.name, members: created.members };
  return [{ type: 'createPool', pool: { ...created, members: [] } }, members];
}

function policyCreation(subject: RouterUnderTest, listener: string, created: L7Policy): readonly Change[] {
  if (subject.router.capabilities.policyWithRules) return [{ type: 'createPolicy', listener, policy: created }];
  const { key, rules } = created;
  return [
    { type: 'createPolicy', listener, policy: { ...created, rules: [], enabled: false } },
    ...rules.map((rule): Change => ({ type: 'createRule', listener, policy: key, rule })),
    { type: 'updatePolicy', listener, policy: key, patch: { enabled: true } },
  ];
}
