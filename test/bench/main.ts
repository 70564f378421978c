import { progressTo } from '#bed/progress';
import type { OpenCloudUnderTest } from './cloud-under-test.js';
import { compileAndPlan } from './compile-and-plan.js';
import { localRouter } from './local-router.js';
import { machine } from './machine.js';
import { memory } from './memory.js';
import { propagation } from './propagation.js';
import { openRealCloud } from './real-cloud.js';
import { services } from './services.js';
import { openSimulatedCloud } from './simulated-cloud.js';
import { vif } from './vif.js';
import { withBed } from './with-bed.js';

/** Exit status. */
const INTERRUPTED = 130;

type Benchmarks = Readonly<Record<string, () => Promise<void>>>;

const stopping = new AbortController();
const { signal } = stopping;

const onACloud = (open: OpenCloudUnderTest, pods: number): Benchmarks => ({
  services: () => services(open, signal),
  vif: () => vif(open, pods, signal),
});
const HERE: Benchmarks = { compileAndPlan, propagation, memory, ...onACloud(openSimulatedCloud, 200), localRouter };
/** A port takes Neutron there about a second. */
const ON_THE_BED = onACloud(openRealCloud, 40);

async function runAll(benchmarks: Benchmarks, names: readonly string[]): Promise<void> {
  process.stdout.write(`${machine()}\n`);
  for (const name of names.length === 0 ? Object.keys(benchmarks) : names) await benchmarks[name]?.();
}

const words = process.argv.slice(2);
const isReal = words.includes('real');
const names = words.filter((word) => word !== 'real');
const known = isReal ? ON_THE_BED : HERE;
const unknown = names.find((name) => !(name in known));
if (unknown !== undefined) {
  const where = isReal ? ' on the test bed' : '';
  process.stderr.write(`there is no benchmark '${unknown}'${where}; there are ${Object.keys(known).join(', ')}\n`);
  process.exit(2);
}
if (isReal) {
  const progress = progressTo(process.stderr);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (!signal.aborted) progress('stopping; what was made is deleted');
      stopping.abort();
    });
  }
  try {
    await withBed(progress, () => runAll(known, names));
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
  }
} else {
  await runAll(known, names);
}
