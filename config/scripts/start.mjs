/** `npm start`: the playground, the controller and the local router in one process. Options: `npm start -- --help`. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, ROOT } from './prepare.mjs';

await prepare();
const { main } = await import(pathToFileURL(join(ROOT, 'packages', 'controller', 'dist', 'main.js')).href);
process.exitCode = await main(['playground', ...process.argv.slice(2)]);
