import { compileAndPlan } from './compile-and-plan.js';
import { localRouter } from './local-router.js';
import { machine } from './machine.js';
import { memory } from './memory.js';
import { propagation } from './propagation.js';
import { services } from './services.js';
import { vif } from './vif.js';

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  compileAndPlan,
  propagation,
  memory,
  services,
  vif,
  localRouter,
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in BENCHMARKS));
if (unknown !== undefined) {
  process.stderr.write(`there is no benchmark '${unknown}'; there are ${Object.keys(BENCHMARKS).join(', ')}\n`);
  process.exit(2);
}
process.stdout.write(`${machine()}\n`);
for (const name of names.length === 0 ? Object.keys(BENCHMARKS) : names) await BENCHMARKS[name]?.();
