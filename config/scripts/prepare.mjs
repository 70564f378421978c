/** Installs and builds what is missing, so that every npm script of this repository works alone in a fresh clone. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a command from the top of the repository; its output is kept and shown only when it fails, unless `show`. */
export function run(command, args, { show = false, environment = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', ...environment },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    const kept = [];
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const finished = () => process.off('SIGINT', forward).off('SIGTERM', forward);
    child.on('error', (error) => {
      finished();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      finished();
      resolve({ code: code ?? 1, signal, output: Buffer.concat(kept).toString() });
    });
  });
}

export const node = (args, options) => run(process.execPath, args, options);

/** npm itself, whether or not this script was started by it. */
export const npm = (args, options) =>
  process.env.npm_execpath === undefined
    ? run('npm', args, options)
    : node([process.env.npm_execpath, ...args], options);

/** Whether node_modules holds what the lockfile says; packages for other platforms may be missing. */
function isInstalled() {
  const read = (...path) => JSON.parse(readFileSync(join(ROOT, ...path), 'utf8')).packages;
  try {
    const installed = read('node_modules', '.package-lock.json');
    return Object.entries(read('package-lock.json'))
      .filter(([path]) => path.startsWith('node_modules/'))
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
  const { code, signal, output } = await work();
  if (signal === 'SIGINT' || signal === 'SIGTERM' || code === 130) process.exit(130);
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
    await step('Installing the packages of package-lock.json (npm ci)', () => npm(['ci', '--no-audit', '--no-fund']));
  }
  await step('Building', () => node(['node_modules/typescript/bin/tsc', '-b', project]));
}
