import { endpointSlice, hostOf } from './manifests.js';
import { nameOf } from './many-ingresses.js';
import { measure } from './measure.js';
import type { MeasuredCluster } from './measured-cluster.js';
import type { OctaviaUnderTest } from './octavia-under-test.js';
import type { ChangeRow } from './report.js';

/** Milliseconds in which all changes are made. */
const DURATION = 1_000;

/**
 * The endpoints of every Service of {@link manyIngresses} change again and again within a second. Each pool has to be
 * written once at the end; more often only those whose write was begun before the last change.
 */
export async function endpointBurst(
  octavia: OctaviaUnderTest,
  cluster: MeasuredCluster,
  pools: number,
  rounds: number,
): Promise<ChangeRow> {
  const { endpoints, requests, clock, name: on } = octavia;
  let writesMeanwhile = 0;
  const round = async (number: number) => {
    for (let index = 0; index < pools; index += 1) {
      cluster.apply(endpointSlice(nameOf(index), endpoints, number, 2));
    }
    await cluster.caughtUp();
  };
  const targets = Array.from({ length: Math.min(pools, 5) }, (_, index) => ({
    host: hostOf(nameOf(index)),
    path: '/',
  }));
  const measured = await measure(octavia, cluster, targets, async () => {
    const before = requests.writes;
    await clock.atOnce(() => round(1));
    for (let number = 2; number <= rounds; number += 1) {
      await new Promise<void>((resolve, reject) => {
        clock.after(DURATION / rounds, () => round(number).then(resolve, reject));
      });
    }
    writesMeanwhile = requests.writes - before;
  });
  return {
    change: `${(pools * rounds).toLocaleString('en')} endpoint changes in a second over ${pools} pools`,
    incumbent: (pools * rounds).toLocaleString('en'),
    atMost: pools + writesMeanwhile,
    on,
    measured,
  };
}
