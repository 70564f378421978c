import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CACHE } from './folders.js';
import { takeLock } from './lock.js';
import { startTime } from './recorded-process.js';

const NAME = `lock-${process.pid}.test`;

// Processes are recognised by /proc, as the test bed runs on Linux alone.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a lock of the bed', () => {
  let giveBack = () => {};

  afterEach(() => giveBack());

  it('is waited for, and told of once, while a running process has it', async () => {
    const first = await takeLock(NAME);
    let told = 0;
    giveBack = await takeLock(NAME, () => {
      told += 1;
      first();
    });
    expect(told).toBe(1);
  });

  it('is free when the process that had it runs no more', async () => {
    mkdirSync(CACHE, { recursive: true });
    // Of this number, but begun at another time.
    writeFileSync(join(CACHE, NAME), `${process.pid} 1${startTime(process.pid)}\n`);
    giveBack = await takeLock(NAME, () => {});
  });
});
