/** What one process at a time may do with the bed. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BedError } from './bed-error.js';
import { CACHE } from './folders.js';
import type { Progress } from './progress.js';
import { runningPid, startTime } from './recorded-process.js';

/** As long as another may take that makes the tree. */
const TIMEOUT_SECONDS = 1800;

/** Does `work` while no other process brings the bed up or down; waits for another that does. */
export async function exclusively(progress: Progress, work: () => Promise<void>): Promise<void> {
  const giveBack = await takeLock('lock', () => progress('another process brings the bed up or down; waiting for it'));
  try {
    await work();
  } finally {
    giveBack();
  }
}

/** Takes the lock of this name as soon as no running process has it. `onWait` is called once where one has. */
export async function takeLock(name: string, onWait: () => void = () => {}): Promise<() => void> {
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, name);
  const end = performance.now() + TIMEOUT_SECONDS * 1000;
  for (let told = false; !take(file); told = true) {
    if (performance.now() > end)
      throw new BedError(`Process ${readFileSync(file, 'utf8').trim()} still holds ${file}.`);
    if (!told) onWait();
    await delay(200);
  }
  return () => rmSync(file, { force: true });
}

function take(file: string): boolean {
  // Linked when it is whole: a lock without its process would look like one that was left behind.
  const ours = `${file}.${process.pid}`;
  writeFileSync(ours, `${process.pid} ${startTime(process.pid)}\n`);
  try {
    linkSync(ours, file);
    return true;
  } catch {
    // Left behind by a process that was killed.
    if (runningPid(file) === undefined) rmSync(file, { force: true });
    return false;
  } finally {
    rmSync(ours);
  }
}
