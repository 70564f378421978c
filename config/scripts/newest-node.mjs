/** The newest LTS of Node, as the registry's packages `node-<platform>-<arch>` bring it: one file, no install script. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { npm, ROOT, say } from './prepare.mjs';

const VERSION = '26.10.0';

/** Where it is after it was fetched if need be; undefined, with a line that says so, where there is none for this machine. */
export async function newestLongTermNode() {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(ROOT, '.cache', `node-${VERSION}`);
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(binary)) {
    say(`Fetching Node ${VERSION} for the second run of the unit tests`);
    const { code } = await npm([
      'install',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `${name}@${VERSION}`,
    ]);
    if (code !== 0 || !existsSync(binary)) {
      say(`Not run on Node ${VERSION}: the registry has no ${name}@${VERSION}`);
      return undefined;
    }
  }
  return { version: VERSION, binary };
}
