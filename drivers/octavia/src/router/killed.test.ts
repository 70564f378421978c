import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import { type ObservedRouter, plan, type Router } from '@kuryr-l7/router';
import { compiled, type Ingresses } from '../cluster.fixture.js';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import type { OctaviaRouter } from './octavia-router.js';

class Killed extends Error {}

/** Two paths on each of these hosts. */
function hosts(prefix: string, numbers: readonly number[], service: string): readonly string[] {
  return numbers.flatMap((number) => {
    const host = `${prefix}${number}.example`;
    return [`${host}/ -> ${service}`, `${host}/deep -> web24`];
  });
}

/** 50 Ingresses with hosts of their own, one Service for every two, and a path to another one for every tenth. */
function hostsOfTheirOwn(): Ingresses {
  const single = Array.from({ length: 50 }, (_, number): readonly [string, readonly string[]] => {
    const host = `w${number}.example`;
    const deep = number % 10 === 0 ? [`${host}/deep -> web${(number + 1) % 24}`] : [];
    return [`single${number}`, [`${host}/ -> web${number % 24}`, ...deep]];
  });
  return Object.fromEntries(single);
}

/** Ingresses whose hosts share policies. */
function sharedBefore(): Ingresses {
  return {
    grows: hosts('grows', [1, 2], 'web1'),
    shrinks: hosts('shrinks', [1, 2, 3, 4], 'web1'),
    parts: hosts('parts', [1, 2, 3], 'web2'),
    joins: [...hosts('joins', [1, 2], 'web3'), ...hosts('joins', [3], 'web4')],
    switches: hosts('switches', [1, 2, 3], 'web5'),
    renames: hosts('renames', [1, 2, 3], 'web6'),
    goes: hosts('goes', [1, 2], 'web7'),
  };
}

/** The same when hosts were added and removed, have got other Services, all or some, and have joined and left others. */
function sharedAfter(): Ingresses {
  return {
    grows: hosts('grows', [1, 2, 3, 4], 'web1'),
    shrinks: hosts('shrinks', [2, 3], 'web1'),
    parts: [...hosts('parts', [1, 3], 'web2'), ...hosts('parts', [2], 'web23')],
    joins: hosts('joins', [1, 2, 3], 'web3'),
    switches: hosts('switches', [1, 2, 3], 'web22'),
    renames: hosts('renames', [4, 5, 6], 'web6'),
    comes: hosts('comes', [1, 2], 'web8'),
  };
}

/**
 * The cloud of a process that is killed at one of its writes to Octavia: before it is sent, or when it was made and before
 * its answer is read.
 */
function killedAt(write: number, moment: 'before' | 'after', cloud: Cloud): Cloud {
  let writes = 0;
  const collection = <T extends object>(original: T): T =>
    new Proxy(original, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        if (!['create', 'update', 'delete', 'replace'].includes(String(name))) return method.bind(target);
        return async (...given: unknown[]) => {
          writes += 1;
          if (writes > write || (writes === write && moment === 'before')) throw new Killed();
          const answer: unknown = await Reflect.apply(method, target, given);
          if (writes === write) throw new Killed();
          return answer;
        };
      },
    });
  const { octavia } = cloud;
  return {
    ...cloud,
    octavia: {
      loadBalancers: octavia.loadBalancers,
      listeners: collection(octavia.listeners),
      pools: collection(octavia.pools),
      members: collection(octavia.members),
      healthMonitors: collection(octavia.healthMonitors),
      l7Policies: collection(octavia.l7Policies),
      l7Rules: collection(octavia.l7Rules),
      quotas: octavia.quotas,
      providers: (options) => octavia.providers(options),
      capabilities: (options) => octavia.capabilities(options),
      answeredAt: () => octavia.answeredAt(),
    },
    close: () => cloud.close(),
  };
}

/** One process: it observes, plans and writes until it has nothing to do (true) or is killed (false). */
async function run(router: OctaviaRouter, desired: Router): Promise<boolean> {
  try {
    const observed = await router.snapshot({ full: true }, NEVER);
    for (const change of plan(desired, observed, router.capabilities)) await router.apply(change, NEVER);
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  } finally {
    await router.close();
  }
}

/** Without ids, which differ from run to run. */
function withoutIds({ listeners, pools }: ObservedRouter): unknown {
  const strip = <T extends { readonly id?: string }>({ id: _id, ...rest }: T) => rest;
  return {
    listeners: listeners.map((listener) => ({ ...listener, policies: listener.policies.map(strip) })),
    pools: pools.map(strip).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

describe.each([
  ['50 Ingresses', [hostsOfTheirOwn()]],
  ['Ingresses whose hosts share policies, and that are changed then', [sharedBefore(), sharedAfter()]],
])('a controller that is killed at every single write for %s', (_of, clusters) => {
  /** For one after the other. */
  const desired = clusters.map((ingresses) => compiled(ingresses, { endpoints: 1 }));
  /** The router after each, and the changes that it takes. */
  const expected: { readonly router: unknown; readonly changes: number }[] = [];
  let there: SimulatedCloud;

  async function start(): Promise<SimulatedCloud> {
    const started = await SimulatedCloud.start(0);
    const { octavia } = started.cloud;
    const [listener] = await octavia.listeners.list();
    const pool = await started.write(() =>
      octavia.pools.create({
        name: 'admins',
        loadbalancer_id: started.id,
        protocol: 'HTTP',
        lb_algorithm: 'SOURCE_IP',
      }),
    );
    const fields = { listener_id: listener?.id ?? '', name: 'admins', action: 'REDIRECT_TO_POOL' } as const;
    const policy = await started.write(() => octavia.l7Policies.create({ ...fields, redirect_pool_id: pool.id }));
    await started.write(() =>
      octavia.l7Rules.create(policy.id, { type: 'PATH', compare_type: 'EQUAL_TO', value: '/admin' }),
    );
    return started;
  }

  /** The objects of the administrator, as Octavia has them. */
  async function foreign({ cloud: { octavia } }: SimulatedCloud): Promise<unknown> {
    const [pool] = await octavia.pools.list({ name: 'admins' });
    const [policy] = await octavia.l7Policies.list({ name: 'admins' });
    const rules = await octavia.l7Rules.list(policy?.id ?? '');
    const { id, action, rules: ruleIds, tags } = policy ?? {};
    return { pool, policy: { id, action, ruleIds, tags }, rules };
  }

  beforeAll(async () => {
    const undisturbed = await start();
    for (const router of desired) {
      const opened = await undisturbed.open();
      const changes = plan(router, await opened.snapshot({ full: true }, NEVER), opened.capabilities).length;
      await run(opened, router);
      const observer = await undisturbed.open();
      expected.push({ router: withoutIds(await observer.snapshot({ full: true }, NEVER)), changes });
    }
    await undisturbed.stop();
  });

  afterAll(() => there.stop());

  it.each([
    ['after it was made', 1, 'after'],
    ['before it was sent', 2, 'before'],
  ] as const)(
    'comes to the same end, killed at each write %s',
    async (_name, write, moment) => {
      await there?.stop();
      there = await start();
      const before = await foreign(there);
      for (const [index, wanted] of desired.entries()) {
        const changes = expected[index]?.changes ?? 0;
        let kills = 0;
        while (!(await run(await there.open({}, { wrap: (cloud) => killedAt(write, moment, cloud) }), wanted))) {
          kills += 1;
          expect(kills).toBeLessThan(2 * changes);
        }
        expect(kills).toBeGreaterThanOrEqual(changes - 1);

        const router = await there.open();
        const observed = await router.snapshot({ full: true }, NEVER);
        expect(withoutIds(observed)).toEqual(expected[index]?.router);
        expect(plan(wanted, observed, router.capabilities)).toEqual([]);
        const ours = { tags: ['kuryr-cluster=test'] };
        expect(await there.cloud.octavia.pools.list(ours)).toHaveLength(wanted.pools.length);
        expect(await there.cloud.octavia.l7Policies.list(ours)).toHaveLength(wanted.listeners[0]?.policies.length ?? 0);
      }
      expect(await foreign(there)).toEqual(before);
    },
    120_000,
  );
});
