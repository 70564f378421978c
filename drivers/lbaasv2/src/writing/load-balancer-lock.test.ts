import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Clock, SILENT_LOGGER } from '@kuryr-l7/kube';
import { BusyError, ImmutableError, type OctaviaClient, PollingPace } from '@kuryr-l7/openstack';
import { NEVER } from '../simulated-cloud.fixture.js';
import { LoadBalancerLock } from './load-balancer-lock.js';
import { PendingLoadBalancers } from './pending-load-balancers.js';

const PENDING = { code: 'ERR_LOAD_BALANCER_PENDING' };
const TOLD = { code: 'ERR_LOAD_BALANCER_NOT_READY', message: expect.stringContaining('for over 300 seconds') };

let now: number;
let status: string;
let lock: LoadBalancerLock;

/** Goes as fast as everybody waits. */
const clock: Clock = {
  now: () => now,
  wallTime: () => now,
  schedule(callback, delay) {
    now += delay;
    queueMicrotask(callback);
    return () => undefined;
  },
};

beforeEach(() => {
  now = 0;
  status = 'PENDING_UPDATE';
  const get = async () => ({ id: 'lb', name: 'shop/web', provisioning_status: status });
  const octavia = { loadBalancers: { get } } as unknown as OctaviaClient;
  const pending = new PendingLoadBalancers();
  const pace = new PollingPace();
  lock = new LoadBalancerLock({ octavia, clock, logger: SILENT_LOGGER, pendingTimeout: 300_000, pace, pending });
});

/** Milliseconds until a worker is free for another Service. */
async function heldFor(run: () => Promise<unknown>, expected: object): Promise<number> {
  const start = now;
  await expect(run()).rejects.toMatchObject(expected);
  return now - start;
}

const look = () => lock.settled('lb', NEVER);
const write = (send = async () => undefined) => lock.write('lb', 'set members', send, NEVER);

describe('a load balancer that stays PENDING', () => {
  it('by a write of somebody else holds a worker for a few seconds, and then for one look each time', async () => {
    expect(await heldFor(look, PENDING)).toBeLessThan(10_000);
    expect(await heldFor(look, PENDING)).toBe(0);
    status = 'ACTIVE';
    await expect(look()).resolves.toMatchObject({ provisioning_status: 'ACTIVE' });
    status = 'PENDING_UPDATE';
    expect(await heldFor(look, PENDING)).toBeGreaterThan(0);
  });

  it('by a write of ours holds a worker for a minute, as long as an amphora boots', async () => {
    const held = await heldFor(write, PENDING);
    expect(held).toBeGreaterThanOrEqual(60_000);
    expect(held).toBeLessThan(70_000);
    expect(await heldFor(look, PENDING)).toBe(0);
  });

  it('and refuses a write is let go like any other', async () => {
    const refuse = async () => {
      throw new ImmutableError('409 immutable', { status: 409, fault: 'immutable', type: '' });
    };
    expect(await heldFor(() => write(refuse), PENDING)).toBeLessThan(10_000);
  });

  it.each([
    ['409 immutable', new ImmutableError('409 immutable', { status: 409, fault: 'immutable', type: '' })],
    ['503 Project busy', new BusyError('503 Project busy', { status: 503, fault: 'Project busy', type: '' })],
    ['429', new BusyError('429', { status: 429, fault: 'slow down', type: '', retryAfter: 600_000 })],
  ])('or that refuses writes (%s) while it is ACTIVE, holds no worker, and is told of', async (said, error) => {
    status = 'ACTIVE';
    const refuse = async () => {
      throw error;
    };
    const write = () => lock.write('lb', 'set members', refuse, NEVER);
    expect(await heldFor(write, PENDING)).toBeLessThan(10_000);
    now += 300_000;
    const told = { code: 'ERR_LOAD_BALANCER_NOT_READY', message: expect.stringContaining(said) };
    expect(await heldFor(write, told)).toBeLessThan(10_000);
    expect(await heldFor(write, PENDING)).toBeLessThan(10_000);
  });

  it('is told once in each lbaas_activation_timeout', async () => {
    await heldFor(look, PENDING);
    for (let round = 0; round < 2; round += 1) {
      now += 300_000;
      await heldFor(look, TOLD);
      await heldFor(look, PENDING);
    }
  });
});
