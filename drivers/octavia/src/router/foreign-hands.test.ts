import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RouterUnavailableError } from '@kuryr-l7/plugin';
import { CLUSTER, NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { member, policy, pool, shop, wanted } from '../wanted.fixture.js';
import { converge, observe } from './converge.fixture.js';
import { describeRouter } from './describe-router.js';
import type { OctaviaRouter } from './octavia-router.js';

let there: SimulatedCloud;
let router: OctaviaRouter;
beforeEach(async () => {
  there = await SimulatedCloud.start();
  router = await there.open();
});
afterEach(() => there.stop());

const shopsPolicy = async () => (await there.cloud.octavia.l7Policies.list({ name: 'a.example|Prefix|/' })).at(0);
const problems = async () => (await describeRouter(there.cloud, there.id, CLUSTER, NEVER)).problems;

describe('what an administrator does to what is ours', () => {
  it('is undone: a rule on a TLS property, with which a policy matches nothing', async () => {
    await converge(router, shop());
    const { id = '' } = (await shopsPolicy()) ?? {};
    await there.write(({ octavia }) =>
      octavia.l7Rules.create(id, { type: 'SSL_CONN_HAS_CERT', compare_type: 'EQUAL_TO', value: 'True' }),
    );
    expect((await converge(router, shop())).at(0)).toMatchObject({
      type: 'deletePolicy',
      policy: 'a.example|Prefix|/',
    });
    expect((await shopsPolicy())?.rules).toHaveLength(1);
    expect(await converge(router, shop())).toEqual([]);
  });

  it('is undone: a disabled rule, without which a policy takes the requests of others', async () => {
    await converge(router, shop());
    const { id = '', rules: [rule] = [] } = (await shopsPolicy()) ?? {};
    await there.write(({ octavia }) => octavia.l7Rules.update(id, rule?.id ?? '', { admin_state_up: false }));
    await converge(router, shop());
    const healed = (await shopsPolicy())?.id ?? '';
    expect(await there.cloud.octavia.l7Rules.list(healed)).toMatchObject([{ admin_state_up: true }]);
    expect(await converge(router, shop())).toEqual([]);
  });

  it('is undone: a disabled pool, which answers 503', async () => {
    await converge(router, shop());
    const { octavia } = there.cloud;
    const [{ id = '' } = {}] = await octavia.pools.list({ name: 'web' });
    await there.write(() => octavia.pools.update(id, { admin_state_up: false }));
    expect(await problems()).toContainEqual(`pool web (${id}) is disabled: the controller enables it again.`);
    expect(await converge(router, shop())).toMatchObject([{ type: 'updatePool', pool: { name: 'web' } }]);
    expect(await octavia.pools.get(id)).toMatchObject({ admin_state_up: true });
    expect(await converge(router, shop())).toEqual([]);
  });

  it('is undone: a disabled health monitor', async () => {
    const healthMonitor = { type: 'TCP', delay: 5, timeout: 3, maxRetries: 2, maxRetriesDown: 4 } as const;
    const monitored = wanted([], [pool('web', { healthMonitor })]);
    await converge(router, monitored);
    const { octavia } = there.cloud;
    const [monitor] = await octavia.healthMonitors.list();
    await there.write(() => octavia.healthMonitors.update(monitor?.id ?? '', { admin_state_up: false }));
    await converge(router, monitored);
    expect(await octavia.healthMonitors.list()).toMatchObject([{ id: monitor?.id, admin_state_up: true }]);
    expect(await converge(router, monitored)).toEqual([]);
  });

  it('is undone when the router is opened again, which it asks for: a disabled listener', async () => {
    const { octavia } = there.cloud;
    const [{ id = '' } = {}] = await octavia.listeners.list();
    await there.write(() => octavia.listeners.update(id, { admin_state_up: false }));
    expect(await problems()).toContainEqual(expect.stringMatching(/^listener .* is disabled: the controller enables/));
    await expect(observe(router)).rejects.toThrow(RouterUnavailableError);
    await observe(await there.open());
    expect(await octavia.listeners.get(id)).toMatchObject({ admin_state_up: true });
  });

  it('is kept: a member that is disabled, as for work on its node', async () => {
    await converge(router, shop());
    const { octavia } = there.cloud;
    const [{ id = '' } = {}] = await octavia.pools.list({ name: 'web' });
    const [drained] = await octavia.members.list(id);
    await there.write(() => octavia.members.update(id, drained?.id ?? '', { admin_state_up: false }));
    const members = [member('10.1.0.2'), member('10.1.0.3', { weight: 5 }), member('10.1.0.4')];
    await converge(router, wanted([policy('a.example', 'web')], [pool('web', { members })]));
    expect(await octavia.members.get(id, drained?.id ?? '')).toMatchObject({ admin_state_up: false });
  });
});

describe('what an administrator does to the load balancer itself', () => {
  it('is told and left alone', async () => {
    await there.write(({ octavia }) => octavia.loadBalancers.update(there.id, { admin_state_up: false }));
    expect(await problems()).toContainEqual(expect.stringMatching(/^It is disabled, .* set --enable/));
  });
});

describe('the pool that answers 404', () => {
  it('is not mistaken for a pool of ours that is called as it is', async () => {
    const { notFoundPool = '' } = router.capabilities;
    const desired = wanted(
      [policy('a.example', 'kuryr-l7-not-found'), policy('b.example', notFoundPool)],
      [pool('kuryr-l7-not-found')],
    );
    await converge(router, desired);
    expect(await converge(router, desired)).toEqual([]);
    const { octavia } = there.cloud;
    const [guard] = await octavia.l7Policies.list({ name: 'b.example|Prefix|/' });
    const [own] = await octavia.l7Policies.list({ name: 'a.example|Prefix|/' });
    const [pools] = await octavia.pools.list({ tags: [`kuryr-cluster=${CLUSTER}`] });
    const named = await octavia.pools.list({ name: 'kuryr-l7-not-found' });
    const notFound = named.find(({ id }) => id !== pools?.id);
    expect(guard?.redirect_pool_id).toBe(notFound?.id);
    expect(own?.redirect_pool_id).toBe(pools?.id);
  });
});
