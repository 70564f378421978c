import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runningPid, startTime, stopProcess } from './recorded-process.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a recorded process', () => {
  let folder: string;
  let record: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'recorded-process-'));
    record = join(folder, 'record');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

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
    const script = 'sleep 1000 & echo $!; trap "" TERM; wait; sleep 1000';
    const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(child, 'exit');
    const [line] = await once(child.stdout, 'data');
    const grandchild = Number(String(line));
    writeFileSync(record, `${child.pid} ${startTime(child.pid ?? 0)}\n`);
    expect(startTime(grandchild)).toBeDefined();
    await stopProcess(record, 0.1);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(runningPid(record)).toBeUndefined();
    expect(startTime(grandchild)).toBeUndefined();
  });

  it('needs no record to be stopped', async () => {
    await expect(stopProcess(join(folder, 'none'), 1)).resolves.toBeUndefined();
  });
});
