import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatPayload, LBAAS_STATE } from '@kuryr-l7/kuryr-objects';
import type { Listener } from '@kuryr-l7/service-load-balancer';
import { listener, NEVER, SimulatedCloud } from './simulated-cloud.fixture.js';

let there: SimulatedCloud;

beforeEach(async () => {
  there = await SimulatedCloud.start();
});

afterEach(async () => {
  await there.stop();
});

const all = () => there.cloud.octavia.loadBalancers.list();
const members = (...addresses: readonly string[]) => addresses.map((address) => ({ address, port: 8080 }));

/** Has the next load balancer become ACTIVE with what is below it in ERROR. */
function endInError(kind: 'listeners' | 'pools' | 'members' | 'healthMonitors'): void {
  const { octavia } = there.simulator;
  const { loadBalancers } = octavia.state;
  const set = loadBalancers.set.bind(loadBalancers);
  loadBalancers.set = (id, one) => {
    octavia.hold(id);
    setImmediate(async () => {
      await octavia.idle();
      octavia.release(id);
      for (const child of octavia.state[kind].values()) child.provisioning_status = 'ERROR';
    });
    return set(id, one);
  };
}

/** Everything that the writer can be asked for. */
const RICH: readonly Listener[] = [
  listener(80, {
    members: members('10.0.0.1', '10.0.0.2'),
    healthMonitor: { type: 'TCP', delay: 5, timeout: 3, maxRetries: 1, maxRetriesDown: 3 },
    sessionPersistence: { type: 'SOURCE_IP' },
  }),
  listener(
    443,
    { protocol: 'PROXY', lbAlgorithm: 'LEAST_CONNECTIONS' },
    { timeoutClientData: 9_000, allowedCidrs: ['10.1.2.3/8'], connectionLimit: 7 },
  ),
  { ...listener(8080, { protocol: 'HTTP' }, { insertHeaders: ['X-Forwarded-For'] }), protocol: 'HTTP' },
  {
    ...listener(53, {
      protocol: 'UDP',
      sessionPersistence: { type: 'SOURCE_IP', timeout: 60 },
      healthMonitor: { type: 'UDP-CONNECT', delay: 5, timeout: 3, maxRetries: 1, maxRetriesDown: 3 },
    }),
    key: 'UDP:53',
    protocol: 'UDP',
  },
  { ...listener(54, { protocol: 'SCTP', members: [] }), key: 'SCTP:54', protocol: 'SCTP' },
];

describe('the load balancer of a Service in Octavia', () => {
  it('is made in one fully populated request, and not written again', async () => {
    const wanted = there.wanted(RICH);
    expect(await there.writesOf(() => there.ensure(wanted))).toEqual(['POST loadbalancers']);
    expect(await there.writesOf(() => there.ensure(wanted))).toEqual([]);
    expect(await all()).toMatchObject([
      { name: 'shop/web', tags: ['kuryr-cluster=test', 'kuryr-source=Service/shop/web'] },
    ]);
  });

  it('says in Kuryr’s words what the Service has', async () => {
    const { state, vipAddress, vipPortId, writes } = await there.ensure(there.wanted(RICH));
    expect(writes).toBe(1);
    expect(state.loadbalancer).toMatchObject({ name: 'shop/web', ip: vipAddress, port_id: vipPortId });
    expect(state.listeners.map(({ name }) => name).sort()).toEqual(
      ['SCTP:54', 'TCP:443', 'TCP:80', 'TCP:8080', 'UDP:53'].map((key) => `shop/web:${key}`),
    );
    expect(state.members).toHaveLength(5);
    expect(() => formatPayload(LBAAS_STATE, state)).not.toThrow();
  });

  it('takes one write for any number of endpoints, also to none and back', async () => {
    await there.ensure(there.wanted());
    const to = (...addresses: readonly string[]) =>
      there.writesOf(() => there.ensure(there.wanted([listener(80, { members: members(...addresses) })])));
    expect(await to('10.0.0.2', '10.0.0.3', '10.0.0.4')).toEqual(['PUT pools/…/members']);
    expect(await to()).toEqual(['PUT pools/…/members']);
    expect(await to('10.0.0.1')).toEqual(['PUT pools/…/members']);
    expect(await to('10.0.0.1')).toEqual([]);
  });

  it('converges from and to anything by single writes, and then rests', async () => {
    await there.ensure(there.wanted());
    await there.ensure(there.wanted(RICH));
    expect(await there.writesOf(() => there.ensure(there.wanted(RICH)))).toEqual([]);
    await there.ensure(there.wanted());
    expect(await there.writesOf(() => there.ensure(there.wanted()))).toEqual([]);
    const [one] = await all();
    expect(await there.cloud.octavia.pools.list()).toHaveLength(1);
    expect(one?.listeners).toHaveLength(1);
  });

  it('gives a setting back to Octavia that is not asked for any more', async () => {
    const given = there.wanted([listener(80, { sessionPersistence: { type: 'SOURCE_IP' } }, { timeoutMemberData: 7 })]);
    await there.ensure(given);
    expect(await there.writesOf(() => there.ensure(there.wanted()))).toEqual(['PUT listeners/…', 'PUT pools/…']);
    expect(await there.cloud.octavia.listeners.list()).toMatchObject([{ timeout_member_data: 50_000 }]);
    expect(await there.cloud.octavia.pools.list()).toMatchObject([{ session_persistence: null }]);
  });

  it('undoes what others change in it, and leaves alone what others add to it', async () => {
    const { state } = await there.ensure(there.wanted());
    const id = state.loadbalancer?.id ?? '';
    const { octavia } = there.cloud;
    await octavia.listeners.update(state.listeners[0]?.id ?? '', { connection_limit: 3 });
    await there.settled(id);
    const foreign = { loadbalancer_id: id, protocol: 'TCP', protocol_port: 9_000, name: 'foreign' } as const;
    await octavia.listeners.create(foreign);
    await there.settled(id);
    expect(await there.writesOf(() => there.ensure(there.wanted()))).toEqual(['PUT listeners/…']);
    expect((await octavia.listeners.list()).map(({ name }) => name).sort()).toEqual(['foreign', 'shop/web:TCP:80']);
  });

  it('is found by its tags where the answer of its creation is lost', async () => {
    there.simulator.octavia.interference.fail({ answer: 'drop', moment: 'after' });
    await expect(there.ensure(there.wanted())).rejects.toMatchObject({ code: 'ERR_LOAD_BALANCER_NOT_READY' });
    expect(await there.writesOf(() => there.ensure(there.wanted()))).toEqual([]);
    expect(await all()).toHaveLength(1);
  });

  it('is one only, the oldest, where it was made twice', async () => {
    const { state } = await there.ensure(there.wanted());
    const [first] = await all();
    const { tags = [] } = first ?? {};
    const { id } = await there.cloud.octavia.loadBalancers.create({
      name: 'shop/web',
      tags,
      vip_subnet_id: there.simulator.facts.networks.vips.subnetId,
    });
    await there.settled(id);
    const again = await there.ensure(there.wanted());
    expect(await all()).toHaveLength(1);
    expect([id, state.loadbalancer?.id]).toContain(again.state.loadbalancer?.id);
  });

  it('is made anew with its address when it is in ERROR', async () => {
    const { state, vipAddress } = await there.ensure(there.wanted());
    const id = state.loadbalancer?.id ?? '';
    const stored = there.simulator.octavia.state.loadBalancers.get(id);
    if (stored !== undefined) stored.provisioning_status = 'ERROR';
    expect(await there.writesOf(() => there.ensure(there.wanted()))).toEqual([
      'DELETE loadbalancers/…?cascade=true',
      'POST loadbalancers',
    ]);
    const again = await there.ensure(there.wanted());
    expect(again.vipAddress).toBe(vipAddress);
    expect(again.state.loadbalancer?.id).not.toBe(id);
  });

  it('stays, with the members of today, where the one that is to replace it at another VIP ends in ERROR', async () => {
    const { vipAddress, state } = await there.ensure(there.wanted());
    const vip = { subnetId: there.simulator.facts.networks.vips.subnetId, address: vipAddress.replace(/\d+$/, '77') };
    const { loadBalancers } = there.simulator.octavia.state;
    const set = loadBalancers.set.bind(loadBalancers);
    loadBalancers.set = (id, one) => {
      there.simulator.octavia.hold(id);
      setImmediate(() => {
        one.provisioning_status = 'ERROR';
      });
      return set(id, one);
    };
    const ensured = there.ensure(there.wanted([listener(80, { members: members('10.0.0.2') })], { vip }));
    await expect(ensured).rejects.toMatchObject({
      code: 'ERR_LOAD_BALANCER_REFUSED',
      message: expect.stringMatching(`goes on at ${vipAddress}, .*${vip.address}: .* in ERROR after it was made`),
    });
    expect((await all()).map(({ id }) => id)).toContain(state.loadbalancer?.id);
    const pool = state.pools[0]?.id ?? '';
    expect(await there.cloud.octavia.members.list(pool)).toMatchObject([{ address: '10.0.0.2' }]);
  });

  it('gets another address where the one that it had is taken meanwhile', async () => {
    const { vips } = there.simulator.facts.networks;
    const taken = await there.ensure(there.wanted([listener()], { service: 'shop/other', name: 'shop/other' }));
    const wanted = there.wanted([listener()], {
      vip: { subnetId: vips.subnetId, preferredAddress: taken.vipAddress },
    });
    expect((await there.ensure(wanted)).vipAddress).not.toBe(taken.vipAddress);
  });

  it('is made once where Octavia answers that its address is taken after it has made it', async () => {
    const { subnetId } = there.simulator.facts.networks.vips;
    const vip = { subnetId, preferredAddress: (await there.ensure(there.wanted())).vipAddress };
    await (await there.applier()).release('shop/web', NEVER);
    const message = `IP address ${vip.preferredAddress} already allocated in subnet ${subnetId}`;
    there.simulator.octavia.interference.fail({ answer: 500, message, moment: 'after' });
    const wanted = there.wanted([listener()], { vip });
    await expect(there.ensure(wanted)).rejects.toMatchObject({ code: 'ERR_LOAD_BALANCER_NOT_READY' });
    expect(await there.writesOf(() => there.ensure(wanted))).toEqual([]);
    expect(await all()).toMatchObject([{ vip_address: vip.preferredAddress }]);
  });

  it.each(['listeners', 'pools', 'members', 'healthMonitors'] as const)(
    'is not in effect while it is ACTIVE and its %s are in ERROR, which are mended',
    async (kind) => {
      endInError(kind);
      const wanted = there.wanted(RICH);
      await expect(there.ensure(wanted)).rejects.toMatchObject({
        code: 'ERR_LOAD_BALANCER_REFUSED',
        message: expect.stringMatching(/is ACTIVE and .*\(ERROR\).* below it is not/),
      });
      await there.ensure(wanted);
      expect(await there.writesOf(() => there.ensure(wanted))).toEqual([]);
    },
  );

  it('is waited for while others write, with a bound and a reason', async () => {
    const { state } = await there.ensure(there.wanted());
    const id = state.loadbalancer?.id ?? '';
    there.simulator.octavia.hold(id);
    await there.cloud.octavia.listeners.update(state.listeners[0]?.id ?? '', { connection_limit: 3 });
    await expect(there.ensure(there.wanted(), await there.applier(30))).rejects.toMatchObject({
      code: 'ERR_LOAD_BALANCER_NOT_READY',
      message: expect.stringMatching(
        /PENDING_UPDATE for over .* an administrator should look whether octavia-worker runs/,
      ),
    });
  });

  it('is refused with the words of Octavia where the quota is used up', async () => {
    there.simulator.octavia.interference.fail({
      answer: 403,
      message: 'Quota has been met for resources: Load Balancer',
    });
    await expect(there.ensure(there.wanted())).rejects.toMatchObject({
      code: 'ERR_LOAD_BALANCER_REFUSED',
      message: expect.stringContaining('Quota has been met'),
    });
    expect(await all()).toEqual([]);
  });

  it('goes with its Service, and leaves nothing behind; those of others stay', async () => {
    await there.ensure(there.wanted(RICH));
    await there.ensure(there.wanted([listener()], { service: 'shop/web-2', name: 'shop/web-2' }));
    const { vips } = there.simulator.facts.networks;
    const { id } = await there.cloud.octavia.loadBalancers.create({ name: 'shop/web', vip_subnet_id: vips.subnetId });
    await there.settled(id);
    // Of a Service whose name goes on in a second tag.
    const tags = ['kuryr-cluster=test', 'kuryr-source=Service/shop/web', 'kuryr-source-2=-and-more'];
    const longer = await there.cloud.octavia.loadBalancers.create({
      name: 'longer',
      tags,
      vip_subnet_id: vips.subnetId,
    });
    await there.settled(longer.id);
    const applier = await there.applier();
    expect([...(await applier.services(NEVER)).keys()].sort()).toEqual(['shop/web', 'shop/web-2', 'shop/web-and-more']);
    expect(await there.writesOf(() => applier.release('shop/web', NEVER))).toEqual([
      'DELETE loadbalancers/…?cascade=true',
    ]);
    expect(await there.writesOf(() => applier.release('shop/web', NEVER))).toEqual([]);
    expect((await all()).map(({ name }) => name).sort()).toEqual(['longer', 'shop/web', 'shop/web-2']);
    expect([...(await applier.services(NEVER)).keys()].sort()).toEqual(['shop/web-2', 'shop/web-and-more']);
  });

  it('is ended also when the process is killed at any write: the next one goes on', async () => {
    await there.ensure(there.wanted());
    for (let writes = 0; writes < 6; writes += 1) {
      const applier = await there.applier();
      const stopping = new AbortController();
      let left = writes;
      there.simulator.octavia.interference.fail({
        answer: 'drop',
        moment: writes % 2 === 0 ? 'before' : 'after',
        matches: ({ method }) => method !== 'GET' && left-- === 0,
      });
      const wanted = writes % 2 === 0 ? there.wanted(RICH) : there.wanted();
      await applier.ensure({ wanted, projectId: there.projectId }, stopping.signal).catch(() => undefined);
      there.simulator.octavia.interference.reset();
      await there.ensure(wanted);
      expect(await there.writesOf(() => there.ensure(wanted))).toEqual([]);
    }
  });
});
