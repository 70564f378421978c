import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function copy(path: string): void {
  cpSync(join(ROOT, path), join(folder, path), { recursive: true });
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the clone; with `lines`, its reader closes the pipe after so many. */
function run(args: readonly string[], lines = Number.POSITIVE_INFINITY): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (stdout.split('\n').length > lines) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout, stderr })));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-clone-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Goes on after its reader has closed the pipe; then the process ends with exit status 3. */
const WRITES_AND_WRITES = `async () => {
  const lines = setInterval(() => process.stdout.write('another line\\n'), 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  clearInterval(lines);
  process.exitCode = 3;
  return 3;
}`;

describe('kuryr-l7', () => {
  it.each([['--help'], ['router', 'create']])('tells how to build it in a fresh clone: %s', async (...args) => {
    copy('packages/controller/bin');
    write('packages/controller/package.json', '{ "type": "module" }');
    expect(await run([join('packages', 'controller', 'bin', 'kuryr-l7.js'), ...args])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'kuryr-l7 is not built yet: npm run build\n',
    });
  });

  it('ends as ever when its reader has enough, such as head', async () => {
    copy('packages/controller/bin');
    write('packages/controller/package.json', '{ "type": "module" }');
    write('packages/controller/dist/main.js', `export const main = ${WRITES_AND_WRITES};`);
    const ended = await run([join('packages', 'controller', 'bin', 'kuryr-l7.js'), 'sample-config'], 3);
    expect(ended).toMatchObject({ status: 3, stderr: '' });
  });
});

describe('the commands of the OpenStack test bed in a fresh clone', () => {
  beforeEach(() => {
    copy('config/scripts');
    write('package-lock.json', '{ "packages": {} }');
    write('node_modules/.package-lock.json', '{ "packages": {} }');
    write('node_modules/typescript/bin/tsc', 'require("node:fs").writeFileSync("built", process.argv.at(-1));');
    write('test/openstack/dist/package.json', '{ "type": "module" }');
    write(
      'test/openstack/dist/bed/main.js',
      "import { readFileSync } from 'node:fs'; console.log(readFileSync('built', 'utf8'));",
    );
  });

  it.each([
    ['up', 'config/tsconfig.build.json'],
    ['status', 'test/openstack'],
    ['down', 'test/openstack'],
  ])('%s builds %s', async (command, project) => {
    const { status, stdout } = await run(['config/scripts/openstack.mjs', command]);
    expect({ status, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({ status: 0, last: project });
  });

  it('end as ever when their reader has enough, such as head', async () => {
    write('test/openstack/dist/bed/main.js', `await (${WRITES_AND_WRITES})();`);
    expect(await run(['config/scripts/openstack.mjs', 'status'], 3)).toMatchObject({ status: 3, stderr: '' });
  });
});
