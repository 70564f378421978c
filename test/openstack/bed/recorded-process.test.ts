import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runningPid, signal, startTime, stopProcess } from './recorded-process.js';

// Processes are recognised by /proc, as the test bed runs on Linux alone.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a recorded process', () => {
  let folder: string;
  let record: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'recorded-process-'));
    record = join(folder, 'record');
  });

  afterEach(() => {
    if (child?.pid !== undefined) signal(-child.pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('is known as long as it runs', () => {
    writeFileSync(record, `${process.pid} ${startTime(process.pid)}\n`);
    expect(runningPid(record)).toBe(process.pid);
  });

  it('is not mistaken for another that has its id', async () => {
    writeFileSync(record, `${process.pid} 1\n`);
    expect(runningPid(record)).toBeUndefined();
    // Would end this very process.
    await stopProcess(record, 1);
  });

  it('is stopped with all that it started', async () => {
    const script = 'sleep 1000 & trap "" TERM; echo started; wait; sleep 1000';
    child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    // Its output is closed when the last process that may write to it has ended.
    const closed = once(child, 'close');
    if (child.stdout !== null) await once(child.stdout, 'data');
    writeFileSync(record, `${child.pid} ${startTime(child.pid ?? 0)}\n`);
    await stopProcess(record, 0.1);
    expect(runningPid(record)).toBeUndefined();
    expect(await closed).toEqual([null, 'SIGKILL']);
  });

  it('needs no record to be stopped', async () => {
    await expect(stopProcess(join(folder, 'none'), 1)).resolves.toBeUndefined();
  });
});
