import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Router } from '@kuryr-l7/router';
import {
  constantTiming,
  DecidingDataPlane,
  MEASURED_TIMING,
  type OpenStackSimulator,
  type OpenStackSimulatorOptions,
  PROJECT_BUSY,
  startOpenStackSimulator,
} from './index.js';
import { ManualClock } from './manual-clock.fixture.js';
import { SimulatorClient } from './simulator-client.fixture.js';

const WRITE_MILLISECONDS = 1000;

let clock: ManualClock;
let simulator: OpenStackSimulator;
let client: SimulatorClient;

async function start(options: OpenStackSimulatorOptions = {}): Promise<void> {
  await simulator?.close();
  simulator = await startOpenStackSimulator({ clock, timing: constantTiming(WRITE_MILLISECONDS), ...options });
  client = await SimulatorClient.logIn(simulator);
}

/** A load balancer that is ACTIVE. */
async function loadBalancer(fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const id = await client.createLoadBalancer(fields);
  clock.advance(WRITE_MILLISECONDS);
  return id;
}

beforeEach(async () => {
  clock = new ManualClock();
  await start();
});
afterEach(() => simulator.close());

describe('a write to the simulated Octavia', () => {
  it('locks its load balancer for the time that it takes, and no other one', async () => {
    const [one, two] = [await loadBalancer(), await loadBalancer()];
    expect((await client.createPool(one)).status).toBe(201);
    clock.advance(WRITE_MILLISECONDS - 1);
    expect((await client.createPool(one)).status).toBe(409);
    expect((await client.createPool(two)).status).toBe(201);
    clock.advance(1);
    expect(await client.provisioningStatus(one)).toBe('ACTIVE');
    expect((await client.createPool(one)).status).toBe(201);
  });

  it('takes the longer the more children there are, as measured', () => {
    const write = { kind: 'pool', operation: 'create' } as const;
    expect(MEASURED_TIMING({ ...write, children: 10 })).toBe(200);
    expect(MEASURED_TIMING({ ...write, children: 110 })).toBe(1700);
  });

  it('is counted, and so are the seconds for which the load balancer was locked', async () => {
    const id = await loadBalancer();
    simulator.octavia.resetCounters();
    await client.createPool(id);
    await client.send('GET', '/pools?name=pool');
    clock.advance(WRITE_MILLISECONDS);
    expect(simulator.octavia.traffic).toMatchObject({ reads: 1, writes: 1 });
    expect(simulator.octavia.traffic.entries).toEqual([
      { method: 'POST', route: '/v2/lbaas/pools', count: 1 },
      { method: 'GET', route: '/v2/lbaas/pools', count: 1 },
    ]);
    expect(simulator.octavia.traffic.requests).toContainEqual({
      method: 'GET',
      path: '/v2/lbaas/pools?name=pool',
      status: 200,
    });
    expect(simulator.octavia.lockedSeconds(id)).toBe(1);
    expect(simulator.octavia.lockedSeconds()).toBe(1);
  });

  it('is left undone while the worker is down, and done when it is back', async () => {
    const id = await loadBalancer();
    simulator.octavia.hold(id);
    await client.createPool(id);
    clock.advance(100 * WRITE_MILLISECONDS);
    expect(await client.provisioningStatus(id)).toBe('PENDING_UPDATE');
    expect(simulator.octavia.lockedSeconds(id)).toBe(100 + 1);
    simulator.octavia.release(id);
    expect(await client.provisioningStatus(id)).toBe('ACTIVE');
  });

  it('that hangs is ended by an administrator alone', async () => {
    const id = await loadBalancer();
    simulator.octavia.hold(id);
    await client.createPool(id);
    clock.advance(WRITE_MILLISECONDS);
    simulator.octavia.resetStatus(id);
    expect(await client.provisioningStatus(id)).toBe('ACTIVE');
  });
});

describe('a failure that a test orders', () => {
  it('comes before the write takes effect, so often as ordered', async () => {
    const id = await loadBalancer();
    simulator.octavia.interference.fail({ ...PROJECT_BUSY, count: 2 });
    const busy = await client.createPool(id);
    expect(busy.status).toBe(503);
    expect(busy.body).toMatchObject({ faultcode: 'Server', faultstring: expect.stringContaining('Project busy.') });
    expect((await client.createPool(id)).status).toBe(503);
    expect(simulator.octavia.state.pools.size).toBe(0);
    expect((await client.createPool(id)).status).toBe(201);
  });

  it('comes after the write took effect', async () => {
    const id = await loadBalancer();
    simulator.octavia.interference.fail({ answer: 504, moment: 'after' });
    expect((await client.createPool(id)).status).toBe(504);
    expect(await client.provisioningStatus(id)).toBe('PENDING_UPDATE');
    expect([...simulator.octavia.state.pools.values()]).toMatchObject([{ name: 'pool' }]);
  });

  it('breaks the connection, for the requests that it is meant for', async () => {
    const id = await loadBalancer();
    simulator.octavia.interference.fail({ answer: 'drop', matches: ({ path }) => path.endsWith('/pools') });
    expect(await client.provisioningStatus(id)).toBe('ACTIVE');
    await expect(client.createPool(id)).rejects.toThrow('fetch failed');
    expect(simulator.octavia.state.pools.size).toBe(0);
    expect(simulator.octavia.traffic.requests.at(-1)).toMatchObject({ method: 'POST', status: 0 });
  });

  it('is taken back by a reset', async () => {
    const id = await loadBalancer();
    simulator.octavia.interference.fail({ answer: 500 });
    simulator.octavia.interference.reset();
    expect((await client.createPool(id)).status).toBe(201);
  });
});

describe('an object that somebody else deletes', () => {
  it('is gone at once, with what is under it', async () => {
    const id = await loadBalancer();
    const [listener] = simulator.octavia.state.listeners.keys();
    simulator.octavia.remove(id);
    expect((await client.send('GET', `/loadbalancers/${id}`)).status).toBe(404);
    expect((await client.send('GET', `/listeners/${listener}`)).status).toBe(404);
  });

  it('ends what is under way for it', async () => {
    const id = await client.createLoadBalancer();
    simulator.octavia.remove(id);
    clock.advance(WRITE_MILLISECONDS);
    expect((await client.send('GET', `/loadbalancers/${id}`)).status).toBe(404);
  });
});

describe('a token', () => {
  it('is worthless when its time is over or when all are revoked', async () => {
    await start({ tokenLifetimeSeconds: 60 });
    expect((await client.send('GET', '/loadbalancers')).status).toBe(200);
    clock.advance(60_000);
    expect((await client.send('GET', '/loadbalancers')).status).toBe(401);
    client = await SimulatorClient.logIn(simulator);
    expect((await client.send('GET', '/loadbalancers')).status).toBe(200);
    simulator.keystone.identity.revokeAll();
    expect((await client.send('GET', '/loadbalancers')).status).toBe(401);
  });
});

describe('a provider', () => {
  it('without L7 refuses listeners for HTTP and policies with 501', async () => {
    const id = await loadBalancer({ provider: 'ovn', listeners: [{ protocol: 'TCP', protocol_port: 80 }] });
    const [tcp] = simulator.octavia.state.listeners.keys();
    const listener = { loadbalancer_id: id, protocol: 'HTTP', protocol_port: 81 };
    expect(await client.send('POST', '/listeners', { listener })).toMatchObject({
      status: 501,
      body: { faultstring: expect.stringContaining("Provider 'ovn' does not support a requested option") },
    });
    const policy = await client.send('POST', '/l7policies', { l7policy: { listener_id: tcp, action: 'REJECT' } });
    expect(policy).toMatchObject({
      status: 501,
      body: { faultstring: expect.stringContaining("Provider 'ovn' does not support a requested action") },
    });
  });

  it('that does nothing leaves its load balancers PENDING_CREATE', async () => {
    const id = await loadBalancer({ provider: 'noop_driver' });
    expect(await client.provisioningStatus(id)).toBe('PENDING_CREATE');
    expect((await client.send('DELETE', `/loadbalancers/${id}?cascade=true`)).status).toBe(409);
  });
});

describe('a listener whose certificate is gone', () => {
  let id: string;
  let listener: string;
  let pool: string;
  beforeEach(async () => {
    id = await loadBalancer({ pools: [{ name: 'pool', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' }] });
    const [stored] = simulator.octavia.state.listeners.values();
    if (stored !== undefined) stored.default_tls_container_ref = 'http://key-manager/v1/secrets/gone';
    listener = stored?.id ?? '';
    [pool = ''] = simulator.octavia.state.pools.keys();
  });

  // Each tried on Octavia 16.0.0.
  it('makes every write hang that has to do with pools, or is a new listener', async () => {
    const monitor = { pool_id: pool, type: 'TCP', delay: 5, timeout: 3, max_retries: 2 };
    const writes = [
      ['POST', '/listeners', { listener: { loadbalancer_id: id, protocol: 'HTTP', protocol_port: 8080 } }],
      ['PUT', `/pools/${pool}`, { pool: { name: 'changed' } }],
      ['PUT', `/pools/${pool}/members`, { members: [{ address: '192.0.2.1', protocol_port: 80 }] }],
      ['POST', '/healthmonitors', { healthmonitor: monitor }],
      ['POST', '/l7policies', { l7policy: { listener_id: listener, action: 'REJECT' } }],
    ] as const;
    for (const [method, path, body] of writes) {
      expect((await client.send(method, path, body)).status).toBeLessThan(300);
      clock.advance(WRITE_MILLISECONDS);
      expect({ path, status: await client.provisioningStatus(id) }).toEqual({ path, status: 'PENDING_UPDATE' });
      simulator.octavia.resetStatus(id);
    }
  });

  it('is in ERROR after other writes, which come off', async () => {
    await client.send('PUT', `/loadbalancers/${id}`, { loadbalancer: { name: 'changed' } });
    clock.advance(WRITE_MILLISECONDS);
    expect(await client.provisioningStatus(id)).toBe('ACTIVE');
    expect(simulator.octavia.state.listeners.get(listener)?.provisioning_status).toBe('ERROR');
  });
});

describe('a data plane', () => {
  it('is told what a load balancer serves, and the write is done when it has taken it over', async () => {
    const taken: Router[] = [];
    let takeOver = () => {};
    const apply = (_: string, router: Router) => {
      taken.push(router);
      return new Promise<void>((resolve) => {
        takeOver = resolve;
      });
    };
    await start({ dataPlane: { apply } });
    const pools = [
      {
        name: 'pool',
        protocol: 'HTTP',
        lb_algorithm: 'ROUND_ROBIN',
        members: [{ address: '192.0.2.1', protocol_port: 80 }],
      },
    ];
    const id = await loadBalancer({ pools });
    expect(await client.provisioningStatus(id)).toBe('PENDING_CREATE');
    takeOver();
    await simulator.octavia.idle();
    expect(await client.provisioningStatus(id)).toBe('ACTIVE');
    const [pool] = simulator.octavia.state.pools.keys();
    const members = [{ address: '192.0.2.1', port: 80, weight: 1, backup: false }];
    expect(taken).toMatchObject([
      {
        listeners: [{ key: 'HTTP:80', policies: [{ action: 'FIXED_RESPONSE', statusCode: 503 }] }],
        pools: [{ name: pool, members }],
      },
    ]);
  });

  it('that refuses what it is told sends what was written to ERROR', async () => {
    let refuses = false;
    await start({ dataPlane: { apply: () => (refuses ? Promise.reject(new Error('refused')) : Promise.resolve()) } });
    const id = await loadBalancer();
    await simulator.octavia.idle();
    refuses = true;
    const { body } = await client.createPool(id);
    clock.advance(WRITE_MILLISECONDS);
    await simulator.octavia.idle();
    expect(await client.provisioningStatus(id)).toBe('ACTIVE');
    const pool = await client.send('GET', `/pools/${body.pool?.id}`);
    expect(pool.body.pool).toMatchObject({ provisioning_status: 'ERROR' });
  });

  it('that only decides does so by what is served, not by what is stored', async () => {
    const dataPlane = new DecidingDataPlane();
    await start({ dataPlane });
    const id = await loadBalancer();
    const [listener] = simulator.octavia.state.listeners.keys();
    const request = { host: 'a.example', path: '/' };
    await client.send('POST', '/l7policies', { l7policy: { listener_id: listener, action: 'REJECT' } });
    clock.advance(WRITE_MILLISECONDS);
    const [policy] = simulator.octavia.state.l7Policies.keys();
    const rule = { type: 'HOST_NAME', compare_type: 'EQUAL_TO', value: 'a.example' };
    await client.send('POST', `/l7policies/${policy}/rules`, { rule });
    expect(dataPlane.decide(id, 'HTTP:80', request)).toMatchObject({ statusCode: 503 });
    clock.advance(WRITE_MILLISECONDS);
    expect(dataPlane.decide(id, 'HTTP:80', request)).toMatchObject({ action: 'REJECT', statusCode: 403 });
  });
});
