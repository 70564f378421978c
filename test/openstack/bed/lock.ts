/** One `up` or `down` at a time. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BedError } from './bed-error.js';
import { CACHE } from './folders.js';
import type { Progress } from './progress.js';
import { runningPid, startTime } from './recorded-process.js';

/** As long as another may take that makes the tree. */
const TIMEOUT_SECONDS = 1800;
const FILE = join(CACHE, 'lock');

/** Does `work` while no other process does any; waits for another that does. */
export async function exclusively(progress: Progress, work: () => Promise<void>): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const end = performance.now() + TIMEOUT_SECONDS * 1000;
  for (let told = false; !take(); told = true) {
    if (performance.now() > end)
      throw new BedError(`Process ${readFileSync(FILE, 'utf8').trim()} still holds ${FILE}.`);
    if (!told) progress('another process brings the bed up or down; waiting for it');
    await delay(200);
  }
  try {
    await work();
  } finally {
    rmSync(FILE, { force: true });
  }
}

function take(): boolean {
  try {
    writeFileSync(FILE, `${process.pid} ${startTime(process.pid)}\n`, { flag: 'wx' });
    return true;
  } catch {
    // Left behind by a process that was killed.
    if (runningPid(FILE) === undefined) rmSync(FILE, { force: true });
    return false;
  }
}
