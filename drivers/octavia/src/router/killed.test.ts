import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cloud } from '@kuryr-l7/openstack';
import { compileRouter, type Ingress, type ObservedRouter, plan, type Router, type Service } from '@kuryr-l7/router';
import { octaviaCapabilities } from '../capabilities.js';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import type { OctaviaRouter } from './octavia-router.js';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;

class Killed extends Error {}

/** What 50 Ingresses come to: hosts of their own, one Service for every two, and a path to another one for every tenth. */
function wanted(): Router {
  const ingresses = Array.from({ length: 50 }, (_, number): Ingress => {
    const service = (index: number) => ({ service: { name: `web${index % 25}`, port: { number: 80 } } });
    const paths = [
      { path: '/', pathType: 'Prefix', backend: service(number) },
      ...(number % 10 === 0 ? [{ path: '/deep', pathType: 'Prefix', backend: service(number + 1) }] : []),
    ];
    return {
      metadata: { namespace: 'shop', name: `ingress${number}`, creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { rules: [{ host: `w${number}.example`, http: { paths } }] },
    };
  });
  const services = Array.from(
    { length: 25 },
    (_, number): Service => ({
      metadata: { namespace: 'shop', name: `web${number}` },
      spec: { type: 'ClusterIP', ports: [{ port: 80 }] },
    }),
  );
  const options = { controllerName: 'x', ingressClass: 'x', handleClassless: true, hostOwnership: true };
  const objects = { ingresses, services, ingressClasses: [], endpointSlices: [] };
  const { router } = compileRouter(objects, options, octaviaCapabilities(), [LISTENER], 'IPv4');
  return {
    ...router,
    pools: router.pools.map((pool, index) => ({
      ...pool,
      members: [{ address: `10.1.0.${index + 1}`, port: 8080, weight: 1, backup: false }],
    })),
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

describe('a controller that is killed at every single write for 50 Ingresses', () => {
  const desired = wanted();
  let expected: unknown;
  let there: SimulatedCloud;
  let kills = 0;

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
    await run(await undisturbed.open(), desired);
    const router = await undisturbed.open();
    expected = withoutIds(await router.snapshot({ full: true }, NEVER));
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
      for (kills = 0; ; kills += 1) {
        const router = await there.open({}, { wrap: (cloud) => killedAt(write, moment, cloud) });
        if (await run(router, desired)) break;
      }
      expect(kills).toBeGreaterThan(140);

      const router = await there.open();
      const observed = await router.snapshot({ full: true }, NEVER);
      expect(withoutIds(observed)).toEqual(expected);
      expect(plan(desired, observed, router.capabilities)).toEqual([]);
      const { octavia } = there.cloud;
      expect(await octavia.pools.list({ tags: ['kuryr-cluster=test'] })).toHaveLength(desired.pools.length);
      expect(await octavia.l7Policies.list({ tags: ['kuryr-cluster=test'] })).toHaveLength(55);
      expect(await foreign(there)).toEqual(before);
    },
    120_000,
  );
});
