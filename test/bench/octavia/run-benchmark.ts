import { endpointBurst } from './endpoint-burst.js';
import { loadedRestart } from './loaded-restart.js';
import { manyIngresses } from './many-ingresses.js';
import { MeasuredCluster } from './measured-cluster.js';
import type { OctaviaUnderTest, OpenOctavia } from './octavia-under-test.js';
import { type ChangeRow, describeLoad, type LoadRow } from './report.js';
import { singleChanges } from './single-changes.js';

/** Changes of endpoints within the second, over all pools. */
const BURST = 1_000;

/** So many writes after one line of progress comes the next. */
const WRITES_TOLD = 50;

export interface BenchmarkOptions {
  /** Whether single changes are measured. */
  readonly changes: boolean;
  /** Numbers of Ingresses to load; with the first of them endpoints change in a burst afterwards. */
  readonly loads: readonly number[];
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface Results {
  readonly changes: readonly ChangeRow[];
  readonly loads: readonly LoadRow[];
}

/** Everything that is measured on one kind of Octavia; a load balancer for each part. */
export async function runBenchmark(open: OpenOctavia, options: BenchmarkOptions): Promise<Results> {
  const { progress, signal } = options;
  const changes: ChangeRow[] = [];
  const loads: LoadRow[] = [];
  const add = (row: ChangeRow) => {
    changes.push(row);
    const { writes, reads, seconds } = row.measured;
    progress(`${row.change}: ${writes} writes, ${reads} reads, took ${seconds.toFixed()} s`);
  };
  if (options.changes) await withOctavia(open, signal, (octavia, cluster) => singleChanges(octavia, cluster, add));
  for (const [index, count] of options.loads.entries()) {
    progress(`${count} Ingresses at once`);
    await withOctavia(open, signal, async (octavia, cluster) => {
      tellWrites(octavia, progress);
      const load = await manyIngresses(octavia, cluster, count);
      loads.push(load);
      progress(describeLoad(load));
      if (index > 0) return;
      progress(`${BURST} endpoint changes in a second`);
      add(await endpointBurst(octavia, cluster, count, Math.ceil(BURST / count)));
      add(await loadedRestart(octavia, cluster, count));
    });
  }
  return { changes, loads };
}

function tellWrites({ requests }: OctaviaUnderTest, progress: (text: string) => void): void {
  requests.onRequest(({ method }) => {
    if (method !== 'GET' && requests.writes % WRITES_TOLD === 0) progress(`${requests.writes} writes`);
  });
}

async function withOctavia(
  open: OpenOctavia,
  signal: AbortSignal,
  work: (octavia: OctaviaUnderTest, cluster: MeasuredCluster) => Promise<void>,
): Promise<void> {
  const octavia = await open(signal);
  try {
    const cluster = await MeasuredCluster.start(octavia, signal);
    try {
      await work(octavia, cluster);
    } finally {
      await cluster.stop();
    }
  } finally {
    await octavia.close();
  }
}
