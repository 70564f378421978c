import { hostOf } from './manifests.js';
import { nameOf } from './many-ingresses.js';
import { measure } from './measure.js';
import type { MeasuredCluster } from './measured-cluster.js';
import type { OctaviaUnderTest } from './octavia-under-test.js';
import type { ChangeRow } from './report.js';

/** Another controller takes over the router of {@link manyIngresses}: nothing is remembered, all is asked for once. */
export async function loadedRestart(
  octavia: OctaviaUnderTest,
  cluster: MeasuredCluster,
  ingresses: number,
): Promise<ChangeRow> {
  await cluster.stopController();
  const measured = await measure(octavia, cluster, [{ host: hostOf(nameOf(0)), path: '/' }], () =>
    cluster.startController(),
  );
  const change = `nothing changed, restart with ${ingresses} Ingresses and pools`;
  return { change, incumbent: '1 per pool', atMost: 0, on: octavia.name, measured };
}
