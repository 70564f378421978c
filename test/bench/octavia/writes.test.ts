import { beforeAll, describe, expect, it } from '@jest/globals';
import { excesses } from './report.js';
import { type Results, runBenchmark } from './run-benchmark.js';
import { openSimulatedOctavia } from './simulated-octavia.js';

const INGRESSES = 10;

let results: Results;

beforeAll(async () => {
  const { signal } = new AbortController();
  results = await runBenchmark(openSimulatedOctavia, {
    changes: true,
    loads: [INGRESSES],
    progress: () => undefined,
    signal,
  });
}, 300_000);

const writesOf = (change: string) => results.changes.find((row) => row.change === change)?.measured.writes;

describe('what changes cost on Octavia', () => {
  it('is never more than promised, and no request that was routed fails meanwhile', () => {
    expect(excesses(results.changes, results.loads)).toEqual([]);
    const probed = results.changes.slice(1).map(({ measured }) => measured);
    for (const { writes, requests } of probed) expect(requests > 0).toBe(writes > 0);
  });

  it.each([
    ['first Ingress, 1 host, 1 path, new Service', 5],
    ['another host-only Ingress (`/`), new Service', 4],
    ['5 hosts to one Service', 4],
    ['10 endpoints change at once', 1],
    ['nothing changed, restart', 0],
    ['nothing changed, resync', 0],
    ['nothing changed, resync in every detail', 0],
    ['Service of a path switched', 1],
    ['Service of a path switched, the new pool is new and the old one goes', 4],
    ['Service of a path switched, the old pool goes with its last policy', 2],
    ['Service of 1 of 5 hosts of an Ingress switched', 3],
    ['Service of 1 of 5 hosts of an Ingress switched, the one that their policy is named after', 4],
    ['Service of 1 of 2 paths of an Ingress switched', 5],
    ['Ingress deleted', 2],
  ])('%s: %i writes', (change, writes) => {
    expect(writesOf(change)).toBe(writes);
  });

  it('is one write for each pool when endpoints change again and again within a second, and those that were under way', () => {
    const writes = writesOf('1,000 endpoint changes in a second over 10 pools') ?? 0;
    expect(writes).toBeGreaterThanOrEqual(INGRESSES);
    expect(writes).toBeLessThanOrEqual(INGRESSES + 1);
  });

  it('is four writes for each of many Ingresses, one after the other without a pause', () => {
    const [{ measured, waits }] = results.loads as [Results['loads'][number]];
    expect(measured.writes).toBe(4 * INGRESSES + waits.length);
    expect(measured.seconds).toBeLessThan(1.3 * measured.lockedSeconds);
  });

  it('lets endpoint changes wait for no more than the write that is under way', () => {
    const [{ waits }] = results.loads as [Results['loads'][number]];
    expect(waits.length).toBeGreaterThan(2);
    expect(Math.max(...waits.map(({ locks }) => locks))).toBe(1);
  });
});
