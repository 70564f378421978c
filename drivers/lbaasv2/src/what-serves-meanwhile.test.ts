import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SYSTEM_CLOCK } from '@kuryr-l7/kube';
import type { LoadBalancer } from '@kuryr-l7/service-load-balancer';
import { listener, SimulatedCloud } from './simulated-cloud.fixture.js';
import { PendingLoadBalancers } from './writing/pending-load-balancers.js';

let there: SimulatedCloud;

beforeEach(async () => {
  there = await SimulatedCloud.start();
});

afterEach(() => there.stop());

const octavia = () => there.cloud.octavia;

const wanted = (addresses: readonly string[], changes: Partial<LoadBalancer> = {}, settings = {}) =>
  there.wanted([listener(80, { members: addresses.map((address) => ({ address, port: 8080 })) }, settings)], changes);

/** The same with a listener of another protocol, which takes the port of that one. */
const asHttp = () => {
  const { pool, ...one } = listener();
  return there.wanted([{ ...one, protocol: 'HTTP', pool: { ...pool, protocol: 'HTTP' } }]);
};

/** Addresses of the members of the pool that was made first. */
async function members(pool: string | undefined): Promise<readonly string[]> {
  return (await octavia().members.list(pool ?? '')).map(({ address }) => address).sort();
}

const refuse = (method: string, path: RegExp) =>
  there.simulator.octavia.interference.fail({
    answer: 400,
    message: 'not supported by the provider',
    count: 1_000,
    matches: (request) => request.method === method && path.test(request.path),
  });

describe('the load balancer that a Service has', () => {
  it('follows endpoints while one that is to replace it at another VIP stays PENDING', async () => {
    const { state, vipAddress } = await there.ensure(wanted(['10.0.0.1']));
    const { loadBalancers } = there.simulator.octavia.state;
    const set = loadBalancers.set.bind(loadBalancers);
    const seen = new PendingLoadBalancers();
    loadBalancers.set = (id, one) => {
      there.simulator.octavia.hold(id);
      // As if somebody had waited for it already.
      seen.see(id, SYSTEM_CLOCK.now() - 10_000);
      return set(id, one);
    };
    const vip = { subnetId: there.simulator.facts.networks.vips.subnetId, address: vipAddress.replace(/\d+$/, '77') };
    const pending = { code: 'ERR_LOAD_BALANCER_PENDING' };
    const applier = await there.applier(600_000, seen);
    await expect(there.ensure(wanted(['10.0.0.2'], { vip }), applier)).rejects.toMatchObject(pending);
    expect(await members(state.pools[0]?.id)).toEqual(['10.0.0.2']);
    await expect(there.ensure(wanted(['10.0.0.3', '10.0.0.4'], { vip }), applier)).rejects.toMatchObject(pending);
    expect(await members(state.pools[0]?.id)).toEqual(['10.0.0.3', '10.0.0.4']);
    expect(await octavia().loadBalancers.list()).toHaveLength(2);
  });

  it.each([
    ['a setting of a pool', 'PUT', /pools\/[^/]+$/, { pool: { sessionPersistence: { type: 'SOURCE_IP' } } }],
    ['a setting of a listener', 'PUT', /listeners\/[^/]+$/, { settings: { connectionLimit: 7 } }],
    ['one more port', 'POST', /pools$/, { more: [listener(81)] }],
  ] as const)('follows endpoints though Octavia refuses %s', async (_name, method, path, asked) => {
    const { state } = await there.ensure(wanted(['10.0.0.1']));
    refuse(method, path);
    const { pool = {}, settings = {}, more = [] } = asked as Readonly<Record<string, object>> & { more?: [] };
    const ports = (...addresses: readonly string[]) => {
      const all = addresses.map((address) => ({ address, port: 8080 }));
      return there.wanted([listener(80, { members: all, ...pool }, settings), ...more]);
    };
    for (const addresses of [[], ['10.0.0.2', '10.0.0.3']]) {
      await expect(there.ensure(ports(...addresses))).rejects.toMatchObject({ code: 'ERR_LOAD_BALANCER_REFUSED' });
      expect(await members(state.pools[0]?.id)).toEqual(addresses);
    }
  });

  it('keeps its members and follows endpoints while the subnet that they should be reached by is not there', async () => {
    const { state } = await there.ensure(wanted(['10.0.0.1']));
    const subnetId = '99f580e6-d894-442a-bc5f-4d14b41e10d1';
    const elsewhere = (...addresses: readonly string[]) =>
      there.wanted([listener(80, { members: addresses.map((address) => ({ address, port: 8080, subnetId })) })]);
    for (const addresses of [['10.0.0.1'], ['10.0.0.1', '10.0.0.2']]) {
      const before = there.simulator.octavia.traffic.requests.length;
      await expect(there.ensure(elsewhere(...addresses))).rejects.toMatchObject({
        code: 'ERR_LOAD_BALANCER_REFUSED',
        message: expect.stringMatching(/subnet 99f580e6-d894-442a-bc5f-4d14b41e10d1 .*member-subnet-id/),
      });
      expect(await members(state.pools[0]?.id)).toEqual(addresses);
      const sent = there.simulator.octavia.traffic.requests.slice(before).filter(({ method }) => method === 'PUT');
      expect(sent).toHaveLength(addresses.length - 1);
    }
  });

  it('keeps a listener whose replacement Octavia takes, and can’t make', async () => {
    const { state } = await there.ensure(wanted(['10.0.0.1']));
    const { listeners } = there.simulator.octavia.state;
    const set = listeners.set.bind(listeners);
    listeners.set = (id, one) => {
      let status = one.provisioning_status;
      Object.defineProperty(one, 'provisioning_status', {
        enumerable: true,
        get: () => status,
        set: (next: typeof status) => {
          status = next === 'ACTIVE' ? 'ERROR' : next;
        },
      });
      return set(id, one);
    };
    await expect(there.ensure(asHttp())).rejects.toMatchObject({
      code: 'ERR_LOAD_BALANCER_REFUSED',
      message: expect.stringMatching(/try listener TCP:80 of shop\/web: .*ERROR.*octavia-worker/),
    });
    expect((await octavia().listeners.list()).map(({ id }) => id)).toEqual([state.listeners[0]?.id]);
  });

  it('keeps a listener whose replacement by one of another protocol is refused', async () => {
    const { state } = await there.ensure(wanted(['10.0.0.1']));
    refuse('POST', /listeners$/);
    const http = asHttp();
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(there.ensure(http)).rejects.toMatchObject({
        code: 'ERR_LOAD_BALANCER_REFUSED',
        message: expect.stringContaining('not supported by the provider'),
      });
      expect((await octavia().listeners.list()).map(({ id }) => id)).toEqual([state.listeners[0]?.id]);
    }
    there.simulator.octavia.interference.reset();
    await there.ensure(http);
    expect((await octavia().listeners.list()).map(({ protocol, protocol_port }) => [protocol, protocol_port])).toEqual([
      ['HTTP', 80],
    ]);
    expect(await there.writesOf(() => there.ensure(http))).toEqual([]);
  });
});
