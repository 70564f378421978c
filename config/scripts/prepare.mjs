/** Installs and builds what is missing, so that every npm script of this repository works alone in a fresh clone. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Milliseconds that a step has to end by itself after Ctrl-C. */
const GRACE = 1_000;

/**
 * Runs a command from the top of the repository; its output is kept and shown only when it fails, unless `show`.
 * SIGINT and SIGTERM are handed on. A `step` has a process group of its own, all of which ends soon after them: npm and
 * what it starts would otherwise go on for as long as a download takes.
 */
export function run(command, args, { show = false, step = false, environment = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', ...environment },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      detached: step,
    });
    const kept = [];
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    let stopped = false;
    let late;
    const forward = (signal) => {
      if (!step) return child.kill(signal);
      stopped = true;
      killGroup(child, 'SIGTERM');
      late ??= setTimeout(() => killGroup(child, 'SIGKILL'), GRACE);
    };
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const finished = () => {
      clearTimeout(late);
      process.off('SIGINT', forward).off('SIGTERM', forward);
    };
    child.on('error', (error) => {
      finished();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      finished();
      // What it started and did not wait for.
      if (stopped) killGroup(child, 'SIGKILL');
      resolve({ code: code ?? 1, signal, stopped, output: Buffer.concat(kept).toString() });
    });
  });
}

function killGroup({ pid }, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    // Nothing of the group is left.
    if (error.code !== 'ESRCH') throw error;
  }
}

export const node = (args, options) => run(process.execPath, args, options);

/** npm itself, whether or not this script was started by it. */
export const npm = (args, options) =>
  process.env.npm_execpath === undefined
    ? run('npm', args, options)
    : node([process.env.npm_execpath, ...args], options);

/**
 * Whether node_modules holds what the lockfile says. Packages for other platforms may be missing, and links to folders of
 * this repository that are not there: npm ci does not make those either.
 */
function isInstalled() {
  const read = (...path) => JSON.parse(readFileSync(join(ROOT, ...path), 'utf8')).packages;
  try {
    const installed = read('node_modules', '.package-lock.json');
    return Object.entries(read('package-lock.json'))
      .filter(([path]) => path.startsWith('node_modules/'))
      .filter(([, { link, resolved }]) => link !== true || existsSync(join(ROOT, resolved)))
      .every(([path, { version, link, optional }]) =>
        installed[path] === undefined ? optional === true : link === true || installed[path].version === version,
      );
  } catch {
    return false;
  }
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Node ${process.versions.node} is too old: Kuryr L7 Router needs Node 20.19 or later.`);
}

function fail(text, output = '') {
  process.stderr.write(`${output}${output === '' || output.endsWith('\n') ? '' : '\n'}${text}\n`);
  process.exit(1);
}

async function step(text, work) {
  process.stdout.write(`${text} ... `);
  const start = Date.now();
  const { code, stopped, output } = await work({ step: true });
  if (stopped) {
    say('\nStopped. The next start installs what is missing.');
    process.exit(130);
  }
  if (code !== 0) {
    say('failed');
    fail(`${text}: failed with exit status ${code}; its output is above.`, output);
  }
  say(`done in ${((Date.now() - start) / 1000).toFixed(0)} s`);
}

/**
 * `npm ci` where the lockfile says something else than what is installed, then the build where sources are newer: of all,
 * or of one project that needs no other.
 */
export async function prepare(project = 'config/tsconfig.build.json') {
  requireNode();
  if (!isInstalled()) {
    await step('Installing the packages of package-lock.json (npm ci)', (options) =>
      npm(['ci', '--no-audit', '--no-fund'], options),
    );
  }
  await step('Building', (options) => node(['node_modules/typescript/bin/tsc', '-b', project], options));
}
