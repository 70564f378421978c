import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from './test-cluster.fixture.js';

const PREPARE = fileURLToPath(new URL('../../config/scripts/prepare.mjs', import.meta.url));

let folder: string;
let child: ChildProcess | undefined;
let output = '';
/** Ids of the processes that a step started. */
const started: number[] = [];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function lockfiles(locked: object, installed: object): void {
  write('package-lock.json', JSON.stringify({ packages: locked }));
  write('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));
}

/** Prepares the repository in the folder with the npm and the compiler that are there. */
function prepare(): Promise<number | null> {
  output = '';
  const running = spawn(process.execPath, ['-e', 'import("./config/scripts/prepare.mjs").then((it) => it.prepare())'], {
    cwd: folder,
    env: { ...process.env, npm_execpath: join(folder, 'npm.cjs') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = running;
  for (const stream of [running.stdout, running.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((resolve) => running.once('close', resolve));
}

/** A program that pays no heed to signals, nor does the one that it starts; each writes its process id. */
const STUBBORN = `
const { spawn } = require('node:child_process');
const { writeFileSync } = require('node:fs');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
const inner = process.argv.includes('inner');
if (!inner) spawn(process.execPath, [__filename, 'inner'], { stdio: 'inherit' });
writeFileSync(inner ? 'inner.pid' : 'outer.pid', String(process.pid));
setInterval(() => undefined, 1_000);
`;

const pid = (name: string) => Number(readFileSync(join(folder, `${name}.pid`), 'utf8'));

/** Whether the process is there; one that ended and was not waited for is not. */
function runs(id: number): boolean {
  try {
    process.kill(id, 0);
    return !/^State:\s+Z/m.test(existsSync(`/proc/${id}/status`) ? readFileSync(`/proc/${id}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}

describe('what every npm script does first', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-prepare-'));
    mkdirSync(join(folder, 'config', 'scripts'), { recursive: true });
    copyFileSync(PREPARE, join(folder, 'config', 'scripts', 'prepare.mjs'));
    write('npm.cjs', '');
    write('node_modules/typescript/bin/tsc', '');
  });

  afterEach(() => {
    child?.kill('SIGKILL');
    for (const id of started.splice(0).filter(runs)) process.kill(id, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is not to install what is installed, whatever links to folders that are gone the lockfile has', async () => {
    const locked = {
      '': {},
      'node_modules/got': { version: '1.0.0' },
      'node_modules/for-another-platform': { version: '1.0.0', optional: true },
      'node_modules/ours': { link: true, resolved: 'packages/ours' },
      'node_modules/gone': { link: true, resolved: 'packages/gone' },
    };
    mkdirSync(join(folder, 'packages', 'ours'), { recursive: true });
    const installed = { 'node_modules/got': { version: '1.0.0' }, 'node_modules/ours': { link: true } };
    lockfiles(locked, installed);
    expect(await prepare()).toBe(0);
    expect(output).not.toContain('Installing');
    expect(output).toMatch(/^Building \.\.\. done/m);
  });

  it.each([
    ['another version', { 'node_modules/got': { version: '1.0.1' }, 'node_modules/ours': { link: true } }],
    ['a missing package', { 'node_modules/ours': { link: true } }],
    ['a missing link to a folder that is there', { 'node_modules/got': { version: '1.0.0' } }],
  ])('is to install because of %s', async (_name, installed) => {
    mkdirSync(join(folder, 'packages', 'ours'), { recursive: true });
    lockfiles(
      { 'node_modules/got': { version: '1.0.0' }, 'node_modules/ours': { link: true, resolved: 'packages/ours' } },
      installed,
    );
    expect(await prepare()).toBe(0);
    expect(output).toMatch(/^Installing .* done/m);
  });

  it('shows the output of a step that fails', async () => {
    lockfiles({}, {});
    write('node_modules/typescript/bin/tsc', 'console.log("a type is wrong"); process.exit(2);');
    expect(await prepare()).toBe(1);
    expect(output).toMatch(/a type is wrong\nBuilding: failed with exit status 2/);
  });

  it.each([
    ['Installing', 'SIGINT', 'npm.cjs'],
    ['Building', 'SIGTERM', 'node_modules/typescript/bin/tsc'],
  ] as const)('ends soon while %s on %s, with all that it started', async (_step, signal, program) => {
    if (program !== 'npm.cjs') lockfiles({}, {});
    write(program, STUBBORN);
    const ended = prepare();
    started.push(...(await eventually(() => [pid('outer'), pid('inner')])));
    expect(started.every(runs)).toBe(true);
    child?.kill(signal);
    expect(await ended).toBe(130);
    expect(output).toContain('Stopped. The next start installs what is missing.');
    await eventually(() => expect(started.filter(runs)).toEqual([]));
  });
});
