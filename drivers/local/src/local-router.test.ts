import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RouterRefusedError, TemporaryRouterError } from '@kuryr-l7/plugin';
import type { Change, L7Policy, Router } from '@kuryr-l7/router';
import {
  applyPlan,
  desiredOf,
  httpPort,
  NEVER,
  TestBed,
  testMember,
  testPolicy,
  testPool,
} from './local-router.fixture.js';

const bed = new TestBed();
afterEach(() => bed.close());

/** Ports of backends that answer with their names. */
function backends(...names: string[]): Promise<number[]> {
  return Promise.all(names.map((name) => bed.backend((_incoming, response) => response.end(name))));
}

describe('the local router', () => {
  it('fails no request of several hundred while configurations are swapped', async () => {
    const ports = await backends('a', 'b', 'c');
    const router = await bed.routerTo(ports);
    const pools = ['one', 'two'].map((name) =>
      testPool(
        ports.map((port) => testMember(port)),
        { name },
      ),
    );
    const configurations: Router[] = [
      desiredOf(router, [testPolicy()], [testPool([testMember(ports[0] ?? 0)])]),
      desiredOf(router, [testPolicy({ redirectPool: 'one' })], pools),
      desiredOf(router, [testPolicy({ redirectPool: 'two' })], pools),
      desiredOf(
        router,
        [testPolicy()],
        [
          testPool(
            ports.map((port) => testMember(port)),
            { lbAlgorithm: 'SOURCE_IP' },
          ),
        ],
      ),
    ];
    const statuses: number[] = [];
    const clients = Array.from({ length: 10 }, async () => {
      while (statuses.length < 600) statuses.push((await bed.get(router)).status);
    });
    for (let swap = 0; statuses.length < 600; swap++) {
      const next = configurations[swap % configurations.length];
      if (next === undefined) break;
      if (swap % 2 === 0) await router.replace(next, NEVER);
      else await applyPlan(router, next);
      const some = statuses.length + 6;
      while (statuses.length < some) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(clients);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  it('keeps the connections of members that a swap does not touch', async () => {
    const server = createServer((_incoming, response) => response.end());
    let connections = 0;
    server.on('connection', () => connections++);
    const port = await bed.backend(server);
    const router = await bed.routerTo([port]);
    for (let swap = 0; swap < 5; swap++) {
      await bed.get(router);
      const members = [testMember(port, { weight: swap + 1 })];
      await router.replace(desiredOf(router, [testPolicy({ key: `|Prefix|/${swap}` })], [testPool(members)]), NEVER);
    }
    expect(connections).toBe(1);
  });

  it('shares what did not change between one snapshot and the next', async () => {
    const router = await bed.router({ httpsPort: 0 });
    const policies = Array.from({ length: 100 }, (_, index) => testPolicy({ key: `|Prefix|/${index}` }));
    const pools = [testPool([]), ...Array.from({ length: 100 }, (_, index) => testPool([], { name: `pool-${index}` }))];
    const desired = desiredOf(router, policies, pools);
    await router.replace(desired, NEVER);
    const before = await router.snapshot();
    await router.replace({ ...desired, pools: pools.with(1, testPool([], { name: 'changed' })) }, NEVER);
    const after = await router.snapshot();
    expect(after.listeners[0]?.policies).toBe(before.listeners[0]?.policies);
    expect(after.pools.filter((pool, index) => pool !== before.pools[index]).map(({ name }) => name)).toEqual([
      'changed',
    ]);
  });

  it('counts requests by listener, pool and outcome, connections and retries', async () => {
    const [port = 0] = await backends('a');
    const router = await bed.routerTo([await bed.closedPort(), port]);
    await bed.get(router);
    await bed.get(router);
    await bed.get(router, 'http://user@nowhere/');
    const listener = `HTTP:${httpPort(router)}`;
    expect(router.statistics()).toEqual({
      requests: [
        { listener, pool: 'pool', outcome: '2xx', count: 2 },
        { listener, outcome: '4xx', count: 1 },
      ],
      activeConnections: { [listener]: 1 },
      retries: 1,
    });
    await router.replace(desiredOf(router, [], []), NEVER);
    expect(router.statistics().requests).toEqual([{ listener, outcome: '4xx', count: 1 }]);
  });

  it('lets a member that refused rest until others have been asked', async () => {
    const [port = 0] = await backends('a');
    const router = await bed.routerTo([await bed.closedPort(), port]);
    for (let sent = 0; sent < 5; sent++) expect((await bed.get(router)).body).toBe('a');
    expect(router.statistics().retries).toBe(1);
  });

  it("moves its members' running requests nowhere when their weight becomes 0", async () => {
    const server = createServer();
    const port = await bed.backend(server);
    const router = await bed.routerTo([port]);
    const running = bed.get(router);
    const [, response] = await once(server, 'request');
    await router.replace(desiredOf(router, [testPolicy()], [testPool([testMember(port, { weight: 0 })])]), NEVER);
    expect((await bed.get(router)).status).toBe(503);
    response.end('done');
    expect((await running).body).toBe('done');
  });
});

describe('a replacement', () => {
  const refused: [string, L7Policy][] = [
    ['a pool that is not part of it', testPolicy({ redirectPool: 'missing' })],
    [
      'a regular expression that is none',
      testPolicy({ rules: [{ type: 'PATH', compareType: 'REGEX', value: '(', invert: false }] }),
    ],
    [
      'a header rule without a name',
      testPolicy({ rules: [{ type: 'HEADER', compareType: 'EQUAL_TO', value: 'a', invert: false }] }),
    ],
    ['a redirect to nowhere', testPolicy({ action: 'REDIRECT_TO_URL' })],
    [
      'a redirect with a status that is none',
      testPolicy({ action: 'REDIRECT_PREFIX', redirectPrefix: 'https://a', redirectHttpCode: 200 }),
    ],
    ['a fixed response without a status', testPolicy({ action: 'FIXED_RESPONSE' })],
  ];

  it.each(refused)('with %s is refused, and all stays as it was', async (_name, policy) => {
    const router = await bed.routerTo(await backends('a'));
    const before = await router.snapshot();
    const replacing = router.replace(desiredOf(router, [policy], [testPool([])]), NEVER);
    await expect(replacing).rejects.toBeInstanceOf(RouterRefusedError);
    await expect(replacing).rejects.toMatchObject({ message: expect.stringContaining(policy.key) });
    expect(await router.snapshot()).toBe(before);
    expect((await bed.get(router)).body).toBe('a');
  });

  it('for a listener that is not there is refused with those that are', async () => {
    const router = await bed.router();
    const desired: Router = { listeners: [{ key: 'HTTP:1', protocol: 'HTTP', port: 1, policies: [] }], pools: [] };
    await expect(router.replace(desired, NEVER)).rejects.toThrow(
      `The router has no listener HTTP:1; it has HTTP:${httpPort(router)}.`,
    );
  });

  it('with a pool named twice is refused', async () => {
    const router = await bed.router();
    await expect(router.replace(desiredOf(router, [], [testPool([]), testPool([])]), NEVER)).rejects.toThrow(
      /named pool/,
    );
  });

  it('or a change that is called off is not made', async () => {
    const router = await bed.router();
    const signal = AbortSignal.abort();
    await expect(router.replace(desiredOf(router, [], [testPool([])]), signal)).rejects.toBeInstanceOf(
      TemporaryRouterError,
    );
    await expect(router.apply({ type: 'createPool', pool: testPool([]) }, signal)).rejects.toBeInstanceOf(
      TemporaryRouterError,
    );
    expect((await router.snapshot()).pools).toEqual([]);
  });
});

describe('a change', () => {
  it("that can't be made is refused, and all stays as it was", async () => {
    const router = await bed.routerTo([]);
    const before = await router.snapshot();
    const listener = `HTTP:${httpPort(router)}`;
    const rule = { type: 'PATH', compareType: 'REGEX', value: '(', invert: false } as const;
    const changes: Change[] = [
      { type: 'deletePool', pool: 'pool' },
      { type: 'setMembers', pool: 'missing', members: [] },
      { type: 'createPolicy', listener: 'HTTP:1', policy: testPolicy({ key: 'new' }) },
      { type: 'createPolicy', listener, policy: testPolicy({ key: 'new', rules: [rule] }) },
      { type: 'createRule', listener, policy: testPolicy().key, rule },
      { type: 'updatePolicy', listener, policy: testPolicy().key, patch: { redirectPool: 'missing' } },
    ];
    for (const change of changes) await expect(router.apply(change, NEVER)).rejects.toBeInstanceOf(RouterRefusedError);
    expect(await router.snapshot()).toBe(before);
  });

  it('that is made again leaves all as it is', async () => {
    const router = await bed.router();
    const listener = `HTTP:${httpPort(router)}`;
    const policy = testPolicy().key;
    const rule = (value: string) => ({ type: 'PATH', compareType: 'STARTS_WITH', value, invert: false }) as const;
    const healthMonitor = { type: 'TCP', delay: 60, timeout: 1, maxRetries: 1, maxRetriesDown: 1 } as const;
    const changes: Change[] = [
      { type: 'createPool', pool: testPool([]) },
      { type: 'setMembers', pool: 'pool', members: [testMember(1)] },
      { type: 'setHealthMonitor', pool: 'pool', healthMonitor },
      { type: 'createPolicy', listener, policy: testPolicy() },
      { type: 'createRule', listener, policy, rule: rule('/a') },
      { type: 'updateRule', listener, policy, from: rule('/a'), to: rule('/b') },
      { type: 'deleteRule', listener, policy, rule: rule('/b') },
      { type: 'updatePolicy', listener, policy, patch: { enabled: false }, position: 1 },
      { type: 'deletePolicy', listener, policy },
      { type: 'deleteHealthMonitor', pool: 'pool' },
      { type: 'deletePool', pool: 'pool' },
    ];
    for (const change of changes) {
      await router.apply(change, NEVER);
      const once = await router.snapshot();
      await router.apply(change, NEVER);
      expect(await router.snapshot()).toEqual(once);
    }
  });
});
