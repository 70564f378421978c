import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError, RouterRefusedError } from '@kuryr-l7/plugin';
import { CLUSTER, NEVER, QUICK, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { shop } from '../wanted.fixture.js';
import { converge } from './converge.fixture.js';
import { type CreateRouterOptions, createRouter } from './create-router.js';
import { describeRouter } from './describe-router.js';

let there: SimulatedCloud;
beforeEach(async () => {
  there = await SimulatedCloud.start();
});
afterEach(() => there.stop());

function create(options: Partial<CreateRouterOptions> = {}) {
  return createRouter(
    there.cloud,
    { name: 'new', clusterId: CLUSTER, vipSubnet: 'vips', pace: QUICK, ...options },
    NEVER,
  );
}

describe('making an L7 router', () => {
  it('is one write to Octavia, and tells what goes on and the lines for kuryr.conf', async () => {
    const said: string[] = [];
    there.simulator.octavia.resetCounters();
    const made = await create({
      floatingNetwork: 'external',
      notFoundMembers: [{ address: '10.0.0.9', port: 8080 }],
      progress: (message) => said.push(message),
    });
    expect(there.simulator.octavia.traffic.writes).toBe(1);
    expect(made.address).toMatch(/^203\.0\.113\./);
    const [pool] = await there.cloud.octavia.pools.list({ loadbalancer_id: made.id });
    expect(made.configuration).toBe(
      `[kubernetes]\nl7_router_driver = octavia\n[ingress]\nl7_router_uuid = ${made.id}\n[octavia]\nnot_found_pool = ${pool?.id}\n`,
    );
    expect(said).toEqual([
      'Making load balancer new.',
      `It is ${made.id}; waiting until it is ACTIVE.`,
      expect.stringMatching(/^It is ACTIVE after \d+ seconds?, at 10\.100\./),
      `Its floating IP is ${made.address}.`,
    ]);
    const { notFoundPool: _other, ...settings } = there.settings({ loadBalancerId: made.id });
    there.simulator.octavia.resetCounters();
    await there.open({ ...settings, notFoundPool: pool?.id ?? '' });
    expect(there.simulator.octavia.traffic.writes).toBe(0);
  });

  it('tells the port of the listener where it was asked for', async () => {
    const made = await create({ httpPort: 8088 });
    expect(made.configuration).toMatch(/\n\[octavia\]\nhttp_port = 8088\n$/);
  });

  it('marks the floating IP as the cluster’s and as the router’s', async () => {
    await create({ floatingNetwork: 'external' });
    expect(await there.cloud.neutron.floatingIps.list()).toMatchObject([
      { tags: ['kuryr-cluster=test', 'kuryr-l7-router'] },
    ]);
  });

  it('is done once, though the answer was lost', async () => {
    there.simulator.octavia.interference.fail({ answer: 504, moment: 'after' });
    const { id } = await create();
    expect((await there.cloud.octavia.loadBalancers.list({ name: 'new' })).map((made) => made.id)).toEqual([id]);
  });

  it.each([
    ['has the name already', { name: 'web' }, /load balancer web .* is there already, in ACTIVE: use it/],
    ['names no VIP', { vipSubnet: undefined as never }, /needs a VIP/],
    ['names a subnet that is not there', { vipSubnet: 'lost' }, /There is no subnet lost \(there are: /],
    ['wants a floating IP from nowhere', { floatingNetwork: 'internet' }, /no external network of that name or id/],
    [
      'asks for a provider without L7 policies',
      { provider: 'ovn' },
      /--provider ovn: it has no L7 policies.*Leave --provider out/,
    ],
  ])('is refused when it %s', async (_name, options, reason) => {
    const creating = create(options);
    await expect(creating).rejects.toThrow(ConfigurationError);
    await expect(creating).rejects.toThrow(reason);
    expect(await there.cloud.octavia.loadBalancers.list()).toHaveLength(1);
  });

  it('is refused over the quota', async () => {
    const { admin, member } = there.simulator.facts.users;
    await (await there.another(admin)).octavia.quotas.update(member.projectId, { load_balancer: 1 });
    const creating = create();
    await expect(creating).rejects.toThrow(RouterRefusedError);
    await expect(creating).rejects.toThrow(/Quota has been met/);
  });
});

describe('describing an L7 router', () => {
  it('counts what is ours and what is not', async () => {
    await converge(await there.open(), shop());
    const report = await describeRouter(there.cloud, there.id, CLUSTER, NEVER);
    expect(report).toMatchObject({
      name: 'web',
      provider: 'amphora',
      state: expect.stringMatching(/^ACTIVE, /),
      listeners: [{ key: 'HTTP:80', policies: { ours: 2, others: [] } }],
      pools: { ours: 2, members: 3, others: [{ name: 'kuryr-l7-not-found', members: 1 }] },
      problems: [],
    });
  });

  it('tells what is wrong, for how long, and what can be done', async () => {
    await converge(await there.open(), shop());
    const { loadBalancers, pools } = there.simulator.octavia.state;
    const [loadBalancer] = loadBalancers.values();
    const [pool] = pools.values();
    if (loadBalancer !== undefined) loadBalancer.provisioning_status = 'ERROR';
    if (pool !== undefined) pool.provisioning_status = 'ERROR';
    const { problems } = await describeRouter(there.cloud, there.id, CLUSTER, NEVER, { now: Date.now() + 3_600_000 });
    expect(problems).toEqual([
      expect.stringMatching(/^It has been in ERROR for 60 minutes: .*failover/),
      expect.stringMatching(
        /^pool kuryr-l7-not-found \(.*\) has been in ERROR for 60 minutes and is not ours: .*corrects/,
      ),
    ]);
  });

  it('tells of a pool for 404 with which the router can not be opened', async () => {
    const { problems } = await describeRouter(there.cloud, there.id, CLUSTER, NEVER, { notFoundPool: 'lost' });
    expect(problems).toEqual([
      expect.stringMatching(
        /^\[octavia\] not_found_pool = lost: .* has no pool of that name .*: kuryr-l7-not-found\)\.$/,
      ),
    ]);
  });

  it('names the rule of others that spoils every change, though its policy is ACTIVE', async () => {
    const { octavia } = there.cloud;
    const [listener] = await octavia.listeners.list();
    const fields = { listener_id: listener?.id ?? '', action: 'REJECT', name: 'theirs' } as const;
    const theirs = await there.write(() => octavia.l7Policies.create(fields));
    const rule = { type: 'PATH', compare_type: 'REGEX', value: '^/(?P<x>a)' } as const;
    await there.write(() => octavia.l7Rules.create(theirs.id, rule));
    const { problems } = await describeRouter(there.cloud, there.id, CLUSTER, NEVER);
    expect(problems).toEqual([
      expect.stringMatching(/^l7rule \S+ of l7policy theirs \(.*\) has been in ERROR for .*not ours/),
    ]);
  });

  it('tells what is ours in ERROR, and what stays PENDING below an ACTIVE load balancer', async () => {
    await converge(await there.open(), shop());
    const [first, second] = there.simulator.octavia.state.l7Policies.values();
    if (first !== undefined) first.provisioning_status = 'ERROR';
    if (second !== undefined) second.provisioning_status = 'PENDING_UPDATE';
    const { problems } = await describeRouter(there.cloud, there.id, CLUSTER, NEVER);
    expect(problems.toSorted()).toEqual([
      expect.stringMatching(/^l7policy .* has been in PENDING_UPDATE for .*administrator has to set its/),
      expect.stringMatching(/^l7policy .*deep .* has been in ERROR for .*: the controller makes it anew/),
    ]);
  });
});
