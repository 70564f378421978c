/** Whether this machine can run the bed at all. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedError } from './bed-error.js';

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

function unsupported(reason: string): BedError {
  return new BedError(`The OpenStack test bed cannot run here: ${reason}.`, { code: 'ERR_BED_UNSUPPORTED' });
}

/** @throws {BedError} `ERR_BED_UNSUPPORTED`, one sentence, unless this is Debian-like Linux and we are root and may mount. */
export function requireMachine(): void {
  if (process.platform !== 'linux') throw unsupported(`it needs Linux, and this is ${process.platform}`);
  if (process.geteuid?.() !== 0) throw unsupported('it needs root, to make and enter a Debian tree');
  if (!succeeds('apt-get', '--version')) throw unsupported('it needs a Debian-like machine, and there is no apt-get');
  if (!succeeds('unshare', '--mount', '--propagation', 'private', 'true')) {
    throw unsupported(
      'it needs to mount in a namespace of its own, and this machine (a container?) does not allow that',
    );
  }
}

/** @throws {BedError} `ERR_BED_UNSUPPORTED` where the mirror cannot be reached the way apt reaches it. */
export function requireMirror(mirror: string, release: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'openstack-bed-'));
  try {
    const url = `${mirror}/dists/${release}/Release`;
    if (succeeds('/usr/lib/apt/apt-helper', 'download-file', url, join(folder, 'Release'))) return;
    throw unsupported(`the mirror that apt on this machine uses does not answer for Debian ${release}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
