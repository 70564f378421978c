/** `npm run bench`: all benchmarks, or those named: `npm run bench -- compileAndPlan`. */
import { join } from 'node:path';
import { node, prepare, ROOT } from './prepare.mjs';

await prepare();
const { code } = await node(['--expose-gc', join(ROOT, 'test', 'bench', 'dist', 'main.js'), ...process.argv.slice(2)], {
  show: true,
});
process.exitCode = code;
