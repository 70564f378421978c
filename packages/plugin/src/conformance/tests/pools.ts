import assert from 'node:assert/strict';
import { algorithm, type ConformanceTest, compareType, flag, ruleType } from '../conformance-test.js';
import { member, pool, sendTo } from '../desired.js';
import { assertAll, underLoad } from '../load.js';
import { backendOf } from '../router-under-test.js';

const HOST = 'a.example';
/** Milliseconds that requests on their way and health checks may take on a busy machine. */
const BUSY = 60_000;
const requires = [ruleType('HOST_NAME'), compareType('REGEX')];
const policies = [sendTo('pool', { host: HOST })];

export const POOL_TESTS: readonly ConformanceTest[] = [
  {
    name: 'answers 503 while a pool has no members, and takes its first member into use',
    requires,
    async run(subject) {
      const backend = await subject.backend('backend');
      await subject.want(policies, [pool('pool', [])]);
      await subject.assertStatus(503, HOST);
      await subject.want(policies, [pool('pool', [member(backend)])]);
      await subject.assertReaches(backend, HOST);
      await subject.want(policies, [pool('pool', [])]);
      await subject.assertStatus(503, HOST);
    },
  },
  {
    name: 'spreads requests over the members of a pool',
    requires: [...requires, algorithm('ROUND_ROBIN')],
    async run(subject) {
      const backends = [await subject.backend('one'), await subject.backend('two')];
      await subject.want(policies, [
        pool(
          'pool',
          backends.map((backend) => member(backend)),
        ),
      ]);
      await subject.eventually(async () => {
        const counts = await subject.distribution(10, HOST);
        assert.equal(counts.size, 2, `both members should get requests: ${[...counts]}`);
      });
    },
  },
  {
    name: 'adds and removes members under load without a failed request',
    requires,
    async run(subject) {
      const [one, two] = [await subject.backend('one'), await subject.backend('two')];
      await subject.want(policies, [pool('pool', [member(one)])]);
      await subject.assertReaches(one, HOST);
      const load = await underLoad(
        () => subject.get(HOST),
        async () => {
          await subject.want(policies, [pool('pool', [member(one), member(two)])]);
          await subject.want(policies, [pool('pool', [member(two)])]);
        },
      );
      assertAll(load, 200);
      await subject.assertReaches(two, HOST);
      assert.deepEqual([...(await subject.distribution(5, HOST)).keys()], ['two']);
    },
  },
  {
    name: 'lets a removed member finish what it has begun',
    requires,
    async run(subject) {
      const [one, two] = [await subject.backend('one'), await subject.backend('two')];
      await subject.want(policies, [pool('pool', [member(one)])]);
      await subject.assertReaches(one, HOST);
      const release = one.hold();
      const running = subject.get(HOST);
      await subject.eventually(async () => assert.equal(one.waiting, 1), BUSY);
      await subject.want(policies, [pool('pool', [member(two)])]);
      await subject.assertReaches(two, HOST);
      release();
      assert.equal(backendOf(await running), 'one');
    },
  },
  {
    name: 'switches a policy to another pool under load without a failed request',
    requires,
    async run(subject) {
      const [blue, green] = [await subject.backend('blue'), await subject.backend('green')];
      const pools = [pool('blue', [member(blue)]), pool('green', [member(green)])];
      await subject.want([sendTo('blue', { host: HOST })], pools.slice(0, 1));
      await subject.assertReaches(blue, HOST);
      const load = await underLoad(
        () => subject.get(HOST),
        async () => {
          await subject.want([sendTo('green', { host: HOST })], pools);
          await subject.want([sendTo('green', { host: HOST })], pools.slice(1));
        },
      );
      assertAll(load, 200);
      await subject.assertReaches(green, HOST);
    },
  },
  {
    name: 'gives members requests by their weights',
    requires: [...requires, flag('memberWeights')],
    async run(subject) {
      const [heavy, light] = [await subject.backend('heavy'), await subject.backend('light')];
      await subject.want(policies, [pool('pool', [member(heavy, { weight: 3 }), member(light, { weight: 1 })])]);
      await subject.assertStatus(200, HOST);
      await subject.eventually(async () => {
        const counts = await subject.distribution(40, HOST);
        const share = counts.get('heavy') ?? 0;
        assert.ok(share >= 26 && share <= 34, `a weight of 3 to 1 should give about 30 of 40 requests, not ${share}`);
      });
    },
  },
  {
    name: 'drains a member of weight 0: nothing new, and what runs is finished',
    requires: [...requires, flag('memberWeights')],
    async run(subject) {
      const [staying, draining] = [await subject.backend('staying'), await subject.backend('draining')];
      await subject.want(policies, [pool('pool', [member(draining)])]);
      await subject.assertReaches(draining, HOST);
      const release = draining.hold();
      const running = subject.get(HOST);
      await subject.eventually(async () => assert.equal(draining.waiting, 1), BUSY);
      await subject.want(policies, [pool('pool', [member(draining, { weight: 0 }), member(staying)])]);
      await subject.assertReaches(staying, HOST);
      assert.deepEqual([...(await subject.distribution(6, HOST)).keys()], ['staying']);
      release();
      assert.equal(backendOf(await running), 'draining');
    },
  },
  {
    name: 'sends to a backup member only when no other is there',
    requires: [...requires, flag('backupMembers'), flag('memberWeights')],
    async run(subject) {
      const [first, backup] = [await subject.backend('first'), await subject.backend('backup')];
      await subject.want(policies, [pool('pool', [member(first), member(backup, { backup: true })])]);
      await subject.assertReaches(first, HOST);
      assert.deepEqual([...(await subject.distribution(6, HOST)).keys()], ['first']);
      await subject.want(policies, [pool('pool', [member(backup, { backup: true })])]);
      await subject.assertReaches(backup, HOST);
    },
  },
  {
    name: 'sends a client to the same member each time with SOURCE_IP',
    requires: [...requires, algorithm('SOURCE_IP')],
    async run(subject) {
      const backends = [await subject.backend('one'), await subject.backend('two'), await subject.backend('three')];
      const members = backends.map((backend) => member(backend));
      await subject.want(policies, [pool('pool', members, { lbAlgorithm: 'SOURCE_IP' })]);
      await subject.assertStatus(200, HOST);
      assert.equal((await subject.distribution(9, HOST)).size, 1);
    },
  },
  {
    name: 'sends to the member with the fewest requests with LEAST_CONNECTIONS',
    requires: [...requires, algorithm('LEAST_CONNECTIONS')],
    async run(subject) {
      const [busy, idle] = [await subject.backend('busy'), await subject.backend('idle')];
      await subject.want(policies, [pool('pool', [member(busy), member(idle)], { lbAlgorithm: 'LEAST_CONNECTIONS' })]);
      await subject.assertStatus(200, HOST);
      const release = busy.hold();
      const running: Promise<unknown>[] = [];
      // Made after the last change: a router that is reloaded counts requests anew.
      while (busy.waiting === 0) {
        const request = subject.get(HOST);
        running.push(request);
        await Promise.race([request, subject.eventually(async () => assert.equal(busy.waiting, 1), BUSY)]);
      }
      assert.deepEqual([...(await subject.distribution(4, HOST)).keys()], ['idle']);
      release();
      await Promise.all(running);
    },
  },
  {
    name: 'takes a member out while its health monitor fails, and back when it is well',
    requires: [...requires, flag('healthMonitors')],
    async run(subject) {
      const [steady, flapping] = [await subject.backend('steady'), await subject.backend('flapping')];
      const healthMonitor = {
        type: 'HTTP',
        delay: 1,
        timeout: 1,
        maxRetries: 1,
        maxRetriesDown: 1,
        httpMethod: 'GET',
        urlPath: '/healthz',
        expectedCodes: '200',
      } as const;
      flapping.healthy = false;
      await subject.want(policies, [pool('pool', [member(steady), member(flapping)], { healthMonitor })]);
      const reaches = async (names: readonly string[]): Promise<void> => {
        const counts = await subject.distribution(8, HOST);
        assert.deepEqual([...counts.keys()].sort(), names);
      };
      await subject.eventually(() => reaches(['steady']), BUSY);
      flapping.healthy = true;
      await subject.eventually(() => reaches(['flapping', 'steady']), BUSY);
    },
  },
];
