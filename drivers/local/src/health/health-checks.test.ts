import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { HealthMonitor } from '@kuryr-l7/router';
import { FakeClock } from '../clock.fixture.js';
import { NEVER, portOf, TestBed } from '../local-router.fixture.js';
import { isExpectedCode } from './expected-codes.js';
import { HealthChecks } from './health-checks.js';
import { createProbe } from './probe.js';

const MONITOR: HealthMonitor = { type: 'HTTP', delay: 5, timeout: 3, maxRetries: 2, maxRetriesDown: 3 };
const bed = new TestBed();
afterEach(() => bed.close());

function watched(well = true) {
  const clock = new FakeClock();
  const member = { address: '10.0.0.1', port: 80, up: true };
  const state = { well, probes: 0 };
  const checks = new HealthChecks(MONITOR, clock, async () => {
    state.probes++;
    return state.well;
  });
  checks.setMembers([member]);
  return { clock, member, state, checks };
}

describe('health checks', () => {
  it('probe a member at once and then once in each delay', async () => {
    const { clock, state } = watched();
    await clock.advance(0);
    expect(state.probes).toBe(1);
    await clock.advance(14_999);
    expect(state.probes).toBe(3);
    await clock.advance(1);
    expect(state.probes).toBe(4);
  });

  it('take a member for up until enough probes in a row have failed', async () => {
    const { clock, member, state } = watched(false);
    await clock.advance(9_999);
    expect(member.up).toBe(true);
    state.well = true;
    await clock.advance(5_000);
    state.well = false;
    await clock.advance(10_000);
    expect(member.up).toBe(true);
    await clock.advance(5_000);
    expect(member.up).toBe(false);
  });

  it('take a member for down until enough probes in a row have passed', async () => {
    const { clock, member, state } = watched(false);
    await clock.advance(10_000);
    expect(member.up).toBe(false);
    state.well = true;
    await clock.advance(5_000);
    expect(member.up).toBe(false);
    await clock.advance(5_000);
    expect(member.up).toBe(true);
  });

  it('count a probe that takes too long as failed, and cut it off', async () => {
    const clock = new FakeClock();
    const member = { address: '10.0.0.1', port: 80, up: true };
    let cutOff = 0;
    const checks = new HealthChecks({ ...MONITOR, maxRetriesDown: 1 }, clock, (_member, signal) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          cutOff++;
          reject(signal.reason);
        });
      });
    });
    checks.setMembers([member]);
    await clock.advance(2_999);
    expect({ up: member.up, cutOff }).toEqual({ up: true, cutOff: 0 });
    await clock.advance(1);
    expect({ up: member.up, cutOff }).toEqual({ up: false, cutOff: 1 });
    checks.stop();
  });

  it('go on for members that stay, and end for those that leave', async () => {
    const { clock, member, state, checks } = watched(false);
    await clock.advance(5_000);
    checks.setMembers([member, { address: '10.0.0.2', port: 80, up: true }]);
    await clock.advance(5_000);
    expect(member.up).toBe(false);
    checks.stop();
    const { probes } = state;
    await clock.advance(60_000);
    expect(state.probes).toBe(probes);
    expect(clock.pending).toBe(0);
  });
});

describe('a probe', () => {
  it('by HTTP asks for path and method, and wants an expected status', async () => {
    const asked: string[] = [];
    const port = await bed.backend((incoming, response) => {
      asked.push(`${incoming.method} ${incoming.url}`);
      response.writeHead(204).end();
    });
    const member = { address: '127.0.0.1', port };
    const details = { httpMethod: 'HEAD', urlPath: '/healthz' };
    expect(await createProbe({ ...MONITOR, ...details, expectedCodes: '200-204' })(member, NEVER)).toBe(true);
    expect(await createProbe({ ...MONITOR, ...details })(member, NEVER)).toBe(false);
    expect(asked).toEqual(['HEAD /healthz', 'HEAD /healthz']);
  });

  it('by TCP wants an accepted connection', async () => {
    const server = createTcpServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = portOf(server);
    const probe = createProbe({ ...MONITOR, type: 'TCP' });
    expect(await probe({ address: '127.0.0.1', port }, NEVER)).toBe(true);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(await probe({ address: '127.0.0.1', port }, NEVER)).toBe(false);
  });

  it('that is cut off has failed', async () => {
    const server = createServer();
    const member = { address: '127.0.0.1', port: await bed.backend(server) };
    const controller = new AbortController();
    server.once('request', () => controller.abort());
    expect(await createProbe(MONITOR)(member, controller.signal)).toBe(false);
  });
});

it('expected codes are a status, a list or a range, and 200 by default', () => {
  expect([200, 201].map((status) => isExpectedCode(undefined, status))).toEqual([true, false]);
  expect([200, 201, 202].map((status) => isExpectedCode('200,202', status))).toEqual([true, false, true]);
  expect([199, 200, 204, 205].map((status) => isExpectedCode('200-204', status))).toEqual([false, true, true, false]);
});
