/** Processes are known by the id and start time recorded when they were started; nothing else is ever signalled. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logFile, STATE } from './folders.js';

/** When a process started, in clock ticks since boot; undefined for one that is gone or a zombie. */
export function startTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name, in parentheses, may hold anything; state is the third field, the start time the twenty-second.
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** The process that a file records as `pid start-time`, where it still is that process. */
export function runningPid(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const [pid = '', start] = readFileSync(file, 'utf8').trim().split(' ');
  return start !== undefined && startTime(Number(pid)) === start ? Number(pid) : undefined;
}

export function recordFile(name: string): string {
  return join(STATE, 'processes', name);
}

/** Starts a service in a session of its own; its output goes to its log, the previous log is kept as `.1`. */
export function startProcess(name: string, command: readonly string[]): void {
  const [file = '', ...args] = command;
  const log = logFile(name);
  mkdirSync(dirname(log), { recursive: true });
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const output = openSync(log, 'a');
  const child = spawn(file, args, { detached: true, stdio: ['ignore', output, output], cwd: '/' });
  closeSync(output);
  if (child.pid === undefined) return;
  const record = recordFile(name);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, `${child.pid} ${startTime(child.pid)}\n`);
  child.unref();
}

/** Asks the recorded process to end, then kills it and all that it started; waits until it is gone. */
export async function stopProcess(file: string, graceSeconds: number): Promise<void> {
  const pid = runningPid(file);
  if (pid !== undefined) {
    signal(pid, 'SIGTERM');
    await gone(file, graceSeconds);
    // Its session holds only what it started.
    signal(-pid, 'SIGKILL');
    await gone(file, 5);
  }
  rmSync(file, { force: true });
}

async function gone(file: string, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (runningPid(file) !== undefined && performance.now() < end) await delay(50);
}

/** Signals a process, or a whole session (`-pid`), that may have ended by itself. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
