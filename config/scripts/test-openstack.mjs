/**
 * `npm run test:openstack`: the suites of test/openstack against the test bed, which is brought up if need be, and then
 * taken down again. Arguments are jest's. The last line counts: `N passed, N failed`; the line above it tells the reason
 * where this machine cannot run the bed.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jest } from './jest.mjs';
import { prepare, ROOT, say } from './prepare.mjs';

const load = (file) => import(pathToFileURL(join(ROOT, 'test', 'openstack', 'dist', 'bed', file)).href);

/** Does `work` with the bed up. */
async function withBed(work) {
  const { down, status, up } = await load('bed.js');
  const { progressTo } = await load('progress.js');
  const progress = progressTo(process.stdout);
  const wasUp = status().every(({ pid }) => pid !== undefined);
  if (!wasUp) say('Bringing up the OpenStack test bed; the first time this takes some minutes');
  try {
    await up(progress);
    return await work();
  } finally {
    if (!wasUp) await down(progress);
  }
}

async function test() {
  try {
    return await withBed(() => jest({ config: 'jest.openstack.config.mjs', args: process.argv.slice(2) }));
  } catch (error) {
    if (error.code?.startsWith('ERR_BED_') !== true) throw error;
    say(error.message);
    return { passed: 0, failed: error.code === 'ERR_BED_UNSUPPORTED' ? 0 : 1 };
  }
}

await prepare();
const { passed, failed } = await test();
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
