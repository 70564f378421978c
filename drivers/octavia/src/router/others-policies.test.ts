import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cloud, ImmutableError, type L7Policy } from '@kuryr-l7/openstack';
import { TemporaryRouterError } from '@kuryr-l7/plugin';
import { plan } from '@kuryr-l7/router';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { LISTENER, policy, pool, wanted } from '../wanted.fixture.js';
import { converge, observe, policiesOf } from './converge.fixture.js';
import type { OctaviaRouter } from './octavia-router.js';

// Each takes requests of those behind it, so that their order matters.
const DEEP = policy('a.example', 'web', '/a/b');
const NEW = policy('a.example', 'web', '/a');
const REST = policy('a.example', 'web');
const BEFORE = wanted([DEEP, REST], [pool('web')]);
const AFTER = wanted([DEEP, NEW, REST], [pool('web')]);
const ORDER = [DEEP.key, NEW.key, REST.key];

let there: SimulatedCloud;
let router: OctaviaRouter;

beforeEach(async () => {
  there = await SimulatedCloud.start();
  router = await there.open();
});
afterEach(() => there.stop());

async function insertFirst(cloud: Cloud): Promise<L7Policy> {
  const [listener] = await cloud.octavia.listeners.list();
  const fields = { listener_id: listener?.id ?? '', name: 'theirs', action: 'REJECT', position: 1 } as const;
  return cloud.octavia.l7Policies.create(fields);
}

const called = async (name: string) => (await there.cloud.octavia.l7Policies.list({ name }))[0]?.id ?? '';

describe('a position that was planned', () => {
  it.each<[string, (cloud: Cloud) => Promise<unknown>]>([
    ['is inserted', insertFirst],
    ['is deleted', async ({ octavia }) => octavia.l7Policies.delete(await called('theirs'))],
    ['is moved', async ({ octavia }) => octavia.l7Policies.update(await called(REST.key), { position: 1 })],
  ])('is not used when another policy %s meanwhile: it is planned anew', async (what, meanwhile) => {
    if (what !== 'is inserted') await there.write(insertFirst);
    await converge(router, BEFORE);
    const changes = plan(AFTER, await observe(router), router.capabilities);
    await there.write(meanwhile);
    const written = async () => {
      for (const change of changes) await router.apply(change, NEVER);
    };
    await expect(written()).rejects.toThrow(TemporaryRouterError);
    expect(await policiesOf(router)).not.toContain(NEW.key);
    await converge(router, AFTER);
    expect((await policiesOf(router)).filter((key) => !key.endsWith('foreign'))).toEqual(ORDER);
  });

  /** A router whose creation of a policy is done by `around` once, from when it is told to. */
  async function interruptedRouter(around: (create: () => Promise<L7Policy>) => Promise<L7Policy>) {
    const armed = { value: false };
    const wrap = (cloud: Cloud): Cloud => {
      const { l7Policies } = cloud.octavia;
      const create = l7Policies.create.bind(l7Policies);
      Object.assign(l7Policies, {
        create: async (...call: Parameters<typeof create>) => {
          if (!armed.value) return create(...call);
          armed.value = false;
          return around(() => create(...call));
        },
      });
      return cloud;
    };
    return { armed, ours: await there.open({}, { wrap }) };
  }

  it('is not used when another policy is inserted while our write waits for the lock', async () => {
    const { octavia } = there.simulator;
    const { armed, ours } = await interruptedRouter(async (create) => {
      octavia.hold(there.id);
      await insertFirst(there.cloud);
      const refused = create();
      await expect(refused).rejects.toThrow(ImmutableError);
      octavia.release(there.id);
      return refused;
    });
    await converge(ours, BEFORE);
    armed.value = true;
    await expect(converge(ours, AFTER)).rejects.toThrow(/l7policy .* somebody else .*it is read anew/);
    expect(await policiesOf(ours)).toEqual(['theirs foreign', DEEP.key, REST.key]);
    await converge(ours, AFTER);
    expect(await policiesOf(ours)).toEqual(['theirs foreign', ...ORDER]);
  });

  it('is put right at once when another policy came just before ours, after we had looked', async () => {
    const { armed, ours } = await interruptedRouter(async (create) => {
      await there.write(insertFirst);
      return create();
    });
    await converge(ours, BEFORE);
    armed.value = true;
    await expect(converge(ours, AFTER)).rejects.toThrow(TemporaryRouterError);
    await converge(ours, AFTER);
    expect(await policiesOf(ours)).toEqual(['theirs foreign', ...ORDER]);
  });

  it('is not used after the router was only looked at since', async () => {
    await converge(router, BEFORE);
    const changes = plan(AFTER, await observe(router), router.capabilities);
    await there.write(insertFirst);
    await router.snapshot({ full: true, aside: true }, NEVER);
    const [first] = changes;
    if (first === undefined) throw new Error('nothing was planned');
    await expect(router.apply(first, NEVER)).rejects.toThrow(TemporaryRouterError);
    await expect(router.apply(first, NEVER)).rejects.toThrow(TemporaryRouterError);
  });

  it('holds through our own writes: inserted, moved and deleted ones', async () => {
    await converge(router, AFTER);
    const at = { listener: LISTENER.key, patch: {} };
    await router.apply({ type: 'updatePolicy', ...at, policy: REST.key, position: 1 }, NEVER);
    await router.apply({ type: 'deletePolicy', ...at, policy: DEEP.key }, NEVER);
    await router.apply({ type: 'updatePolicy', ...at, policy: NEW.key, position: 1 }, NEVER);
    const other = { ...policy('b.example', 'web'), rules: [] };
    await router.apply({ type: 'createPolicy', ...at, policy: other }, NEVER);
    await router.apply({ type: 'updatePolicy', ...at, policy: REST.key, position: 3 }, NEVER);
    expect(await policiesOf(router)).toEqual([NEW.key, other.key, REST.key]);
  });
});
