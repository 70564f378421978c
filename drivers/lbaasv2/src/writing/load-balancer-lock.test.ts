import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Clock, SILENT_LOGGER } from '@kuryr-l7/kube';
import { BadRequestError, BusyError, ImmutableError, type OctaviaClient, PollingPace } from '@kuryr-l7/openstack';
import { NEVER } from '../simulated-cloud.fixture.js';
import { LoadBalancerLock } from './load-balancer-lock.js';
import { PendingLoadBalancers } from './pending-load-balancers.js';

const PENDING = { code: 'ERR_LOAD_BALANCER_PENDING' };
const TOLD = { code: 'ERR_LOAD_BALANCER_NOT_READY', message: expect.stringContaining('for over 300 seconds') };

const IMMUTABLE = new ImmutableError('409 immutable', { status: 409, fault: 'immutable', type: '' });

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
const write = () => lock.write('lb', 'set members', async () => undefined, NEVER);
const refused = (error: Error) => lock.write('lb', 'set members', () => Promise.reject(error), NEVER);

/** Tries now and then, as the queue does, until what waits has done so for 300 seconds. */
async function triedForLong(run: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 9; tries += 1) {
    now += 30_000;
    await heldFor(run, PENDING);
  }
  now += 30_000;
}

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
    expect(await heldFor(() => refused(IMMUTABLE), PENDING)).toBeLessThan(10_000);
  });

  it.each([
    ['409 immutable', IMMUTABLE],
    ['503 Project busy', new BusyError('503 Project busy', { status: 503, fault: 'Project busy', type: '' })],
    ['429', new BusyError('429', { status: 429, fault: 'slow down', type: '', retryAfter: 600_000 })],
  ])('or that refuses writes (%s) while it is ACTIVE, holds no worker, and is told of', async (said, error) => {
    status = 'ACTIVE';
    const write = () => refused(error);
    expect(await heldFor(write, PENDING)).toBeLessThan(10_000);
    await triedForLong(write);
    const told = { code: 'ERR_LOAD_BALANCER_NOT_READY', message: expect.stringContaining(said) };
    expect(await heldFor(write, told)).toBeLessThan(10_000);
    expect(await heldFor(write, PENDING)).toBeLessThan(10_000);
  });

  it('is told once in each lbaas_activation_timeout', async () => {
    await heldFor(look, PENDING);
    for (let round = 0; round < 2; round += 1) {
      await triedForLong(look);
      await heldFor(look, TOLD);
      await heldFor(look, PENDING);
    }
  });
});

describe('a write that waits for another one now and then', () => {
  beforeEach(() => {
    status = 'ACTIVE';
  });

  it('is not told of as if it had waited ever since the first time', async () => {
    await heldFor(() => refused(IMMUTABLE), PENDING);
    now += 1_800_000;
    expect(await heldFor(() => refused(IMMUTABLE), PENDING)).toBeGreaterThan(0);
  });

  it('waits no more once it is answered, be it with a refusal', async () => {
    await heldFor(() => refused(IMMUTABLE), PENDING);
    const bad = new BadRequestError('400 bad', { status: 400, fault: 'bad', type: '' });
    await heldFor(() => refused(bad), { code: 'ERR_LOAD_BALANCER_REFUSED' });
    expect(await heldFor(() => refused(IMMUTABLE), PENDING)).toBeGreaterThan(0);
  });
});
