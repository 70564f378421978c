import { cpus, totalmem } from 'node:os';
import { compileAndPlan } from './compile-and-plan.js';
import { localRouter } from './local-router.js';
import { memory } from './memory.js';
import { propagation } from './propagation.js';

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = { compileAndPlan, propagation, memory, localRouter };

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in BENCHMARKS));
if (unknown !== undefined) {
  process.stderr.write(`there is no benchmark '${unknown}'; there are ${Object.keys(BENCHMARKS).join(', ')}\n`);
  process.exit(2);
}
const [processor] = cpus();
const gigabytes = Math.round(totalmem() / 2 ** 30);
process.stdout.write(
  `Node ${process.versions.node} on ${cpus().length} x ${processor?.model.trim() ?? process.arch}, ${gigabytes} GiB, ${process.platform}\n`,
);
for (const name of names.length === 0 ? Object.keys(BENCHMARKS) : names) await BENCHMARKS[name]?.();
