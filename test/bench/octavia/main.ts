import { BedError } from '#bed/bed-error';
import { progressTo } from '#bed/progress';
import { machine } from '../machine.js';
import { withBed } from '../with-bed.js';
import { openRealOctavia } from './real-octavia.js';
import { excesses, printChanges, printLoads } from './report.js';
import { type Results, runBenchmark } from './run-benchmark.js';
import { openSimulatedOctavia } from './simulated-octavia.js';

const USAGE = `Usage: npm run bench:octavia [-- WHERE... PART... [INGRESSES]]

What changes in a cluster cost on Octavia: writes, reads, seconds with the load balancer locked, requests that failed.

  simulator  on the simulator, in time that only passes while a load balancer is locked; takes some minutes
  real       on the OpenStack test bed, which is brought up if need be; takes about half an hour
  changes    one change after the other
  loads      many Ingresses at once, and endpoint changes in a burst
  INGRESSES  so many at once; where it is not given: 50, and on the simulator 1000 as well
Where it says nothing: both. Exit status 1 where a figure is worse than it may be.
`;

/** Exit statuses. */
const WORSE = 1;
const WRONG_USAGE = 2;
const INTERRUPTED = 130;

const TARGETS = ['simulator', 'real'] as const;
type TargetName = (typeof TARGETS)[number];
const PARTS = ['changes', 'loads'] as const;
type Part = (typeof PARTS)[number];

const progress = progressTo(process.stderr);

function run(
  name: TargetName,
  parts: readonly Part[],
  ingresses: number | undefined,
  signal: AbortSignal,
): Promise<Results> {
  const usual = name === 'simulator' ? [50, 1_000] : [50];
  const loads = ingresses === undefined ? usual : [ingresses];
  const options = {
    changes: parts.includes('changes'),
    loads: parts.includes('loads') ? loads : [],
    progress: (text: string) => progress(`${name}: ${text}`),
    signal,
  };
  if (name === 'simulator') return runBenchmark(openSimulatedOctavia, options);
  return withBed(progress, () => runBenchmark(openRealOctavia, options));
}

/** Those that were asked for, or all. */
function chosen<T extends string>(all: readonly T[], args: readonly string[]): readonly T[] {
  const named = all.filter((one) => args.includes(one));
  return named.length === 0 ? all : named;
}

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const known: readonly string[] = [...TARGETS, ...PARTS];
  const numbers = args.filter((arg) => /^[1-9]\d*$/.test(arg)).map(Number);
  const unknown = args.find((arg) => !known.includes(arg) && !numbers.includes(Number(arg)));
  if (unknown !== undefined) {
    process.stderr.write(`There is no ${unknown}.\n${USAGE}`);
    return WRONG_USAGE;
  }
  const results: Results[] = [];
  for (const name of chosen(TARGETS, args)) results.push(await run(name, chosen(PARTS, args), numbers[0], signal));
  const changes = results.flatMap((result) => result.changes);
  const loads = results.flatMap((result) => result.loads);
  process.stdout.write(`${machine()}\n`);
  printChanges(changes);
  if (loads.length > 0) printLoads(loads);
  const worse = excesses(changes, loads);
  process.stdout.write(
    worse.length === 0 ? '\nAll as it should be.\n' : `\nWorse than it may be:\n${worse.join('\n')}\n`,
  );
  return worse.length === 0 ? 0 : WORSE;
}

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (!stopping.signal.aborted) progress('stopping; the load balancer is deleted');
    stopping.abort();
  });
}
try {
  process.exitCode = await main(process.argv.slice(2), stopping.signal);
} catch (error) {
  if (stopping.signal.aborted) process.exitCode = INTERRUPTED;
  else {
    process.stderr.write(
      `${error instanceof BedError ? error.message : error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = error instanceof BedError && error.code === 'ERR_BED_UNSUPPORTED' ? 3 : WORSE;
  }
}
