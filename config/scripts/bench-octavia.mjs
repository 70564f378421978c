/** `npm run bench:octavia`: what changes cost on Octavia, on the test bed and on the simulator; `-- --help` tells more. */
import { join } from 'node:path';
import { node, prepare, ROOT } from './prepare.mjs';

await prepare();
const main = join(ROOT, 'test', 'bench', 'dist', 'octavia', 'main.js');
const { code } = await node([main, ...process.argv.slice(2)], { show: true });
process.exitCode = code;
