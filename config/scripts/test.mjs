/**
 * `npm test`: lint, types, and every jest suite; the unit tests once more on the newest LTS of Node. Arguments are
 * jest's: `npm test -- packages/router`. The last line counts everything: `N passed, N failed`.
 */
import { jest } from './jest.mjs';
import { kubectl } from './kubectl.mjs';
import { newestLongTermNode } from './newest-node.mjs';
import { prepare, run, say } from './prepare.mjs';

const total = { passed: 0, failed: 0 };

function count(passed, failed) {
  total.passed += passed;
  total.failed += failed;
}

async function check(name, command, args) {
  const { code, output } = await run(command, args);
  count(code === 0 ? 1 : 0, code === 0 ? 0 : 1);
  say(`${code === 0 ? 'ok' : 'FAILED'}: ${name}`);
  if (code !== 0) say(output);
}

async function suites(name, binary, args) {
  say(`\n${name}`);
  const { passed, failed } = await jest({ config: 'jest.config.mjs', binary, args });
  count(passed, failed);
}

await prepare();
const chosen = process.argv.slice(2);
if (chosen.length === 0) {
  await check('lint (biome)', process.execPath, [
    'node_modules/@biomejs/biome/bin/biome',
    'ci',
    '--colors=off',
    '--config-path=config/lint.json',
    '.',
  ]);
  await check('nothing unused (knip)', process.execPath, [
    'node_modules/knip/bin/knip.js',
    '--config',
    'config/knip.json',
  ]);
  await check('types', process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'config/tsconfig.test.json']);
}
await kubectl();
await suites(`Tests on Node ${process.versions.node}`, process.execPath, chosen);
if (chosen.length === 0) {
  const newest = await newestLongTermNode();
  if (newest !== undefined)
    await suites(`Unit tests on Node ${newest.version}`, newest.binary, ['packages/', 'handlers/', 'drivers/']);
}
say(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
