import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HealthMonitor } from '@kuryr-l7/router';
import { compiled } from '../cluster.fixture.js';
import type { PoolSettings } from '../settings.js';
import { SimulatedCloud } from '../simulated-cloud.fixture.js';
import { converge } from './converge.fixture.js';

const TIMING = { delay: 5, timeout: 3, maxRetries: 1, maxRetriesDown: 3 };
const HTTP: HealthMonitor = { ...TIMING, type: 'HTTP', urlPath: '/healthz', expectedCodes: '200-204' };

let there: SimulatedCloud;
beforeEach(async () => {
  there = await SimulatedCloud.start();
});
afterEach(() => there.stop());

/** Opens the router with these settings, as after they were changed in kuryr.conf; gives the changes that it takes. */
async function route(pool: Partial<PoolSettings>): Promise<readonly string[]> {
  const router = await there.open({ pool: { protocol: 'HTTP', ...pool } });
  const desired = compiled({ web: ['a.example/ -> web'] }, { capabilities: router.capabilities });
  const changes = await converge(router, desired);
  expect(await converge(router, desired)).toEqual([]);
  return changes.map(({ type }) => type);
}

async function pool() {
  const [made] = await there.cloud.octavia.pools.list({ name: 'shop_web' });
  return made;
}

describe('what kuryr.conf says of pools', () => {
  it('is nothing by default: ROUND_ROBIN and no health monitor', async () => {
    await route({});
    expect(await pool()).toMatchObject({ lb_algorithm: 'ROUND_ROBIN', healthmonitor_id: null });
  });

  it('holds for new pools', async () => {
    expect(await route({ lbAlgorithm: 'LEAST_CONNECTIONS', healthMonitor: HTTP })).toContain('setHealthMonitor');
    expect(await pool()).toMatchObject({ lb_algorithm: 'LEAST_CONNECTIONS' });
    expect(await there.cloud.octavia.healthMonitors.list()).toMatchObject([
      { type: 'HTTP', delay: 5, timeout: 3, max_retries: 1, max_retries_down: 3, url_path: '/healthz' },
    ]);
  });

  it('reaches pools that are there with one write each, and goes from them again', async () => {
    await route({});
    expect(await route({ lbAlgorithm: 'SOURCE_IP' })).toEqual(['updatePool']);
    expect(await route({ lbAlgorithm: 'SOURCE_IP', healthMonitor: HTTP })).toEqual(['setHealthMonitor']);
    const plain: HealthMonitor = { ...TIMING, type: 'HTTP', delay: 7 };
    expect(await route({ lbAlgorithm: 'SOURCE_IP', healthMonitor: plain })).toEqual(['setHealthMonitor']);
    expect(await there.cloud.octavia.healthMonitors.list()).toMatchObject([
      { delay: 7, url_path: '/', expected_codes: '200', http_method: 'GET' },
    ]);
    expect(await route({ lbAlgorithm: 'SOURCE_IP' })).toEqual(['deleteHealthMonitor']);
    expect(await route({})).toEqual(['updatePool']);
    expect(await pool()).toMatchObject({ lb_algorithm: 'ROUND_ROBIN', healthmonitor_id: null });
  });

  it('makes a health monitor of another type, or in ERROR, anew', async () => {
    await route({ healthMonitor: HTTP });
    const tcp: HealthMonitor = { ...TIMING, type: 'TCP' };
    expect(await route({ healthMonitor: tcp })).toEqual(['deleteHealthMonitor', 'setHealthMonitor']);
    const [stored] = there.simulator.octavia.state.healthMonitors.values();
    if (stored !== undefined) stored.provisioning_status = 'ERROR';
    expect(await route({ healthMonitor: tcp })).toEqual(['setHealthMonitor']);
    const [anew] = await there.cloud.octavia.healthMonitors.list();
    expect(anew).toMatchObject({ type: 'TCP', provisioning_status: 'ACTIVE' });
    expect(anew?.id).not.toBe(stored?.id);
  });
});
