/** Runs the commands that end: debootstrap, apt, migrations. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { BedError } from './bed-error.js';
import { signal } from './recorded-process.js';

export interface CommandOptions {
  /** File that gets the output; it is added to what is there. */
  readonly log: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** After this the command and all that it started are killed. */
  readonly timeoutSeconds: number;
}

/** @throws {BedError} that ends with the last lines of the log when the command fails or takes too long. */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<void> {
  const [file = '', ...args] = command;
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, 'a');
  const child = spawn(file, args, {
    env: options.environment ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (child.pid !== undefined) signal(-child.pid, 'SIGKILL');
  }, options.timeoutSeconds * 1000);
  const stop = () => {
    if (child.pid !== undefined) signal(-child.pid, 'SIGTERM');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const outcome = await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status, signal) => resolve(status === 0 ? undefined : `ended with ${status ?? signal}`));
    });
    if (outcome === undefined) return;
    const reason = late ? `took longer than ${options.timeoutSeconds} s` : outcome;
    throw new BedError(`${command.join(' ')} ${reason}.\n${lastLines(options.log)}`);
  } catch (error) {
    if (error instanceof BedError) throw error;
    throw new BedError(`${file} cannot be run: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Reads what is added to a log from now on. */
export function outputFromNow(log: string): () => string {
  const start = existsSync(log) ? readFileSync(log).length : 0;
  return () => (existsSync(log) ? readFileSync(log).subarray(start).toString() : '');
}

/** The end of a log, headed by its name, for an error message. */
export function lastLines(log: string, count = 20): string {
  let lines: string[];
  try {
    lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  } catch {
    lines = [];
  }
  return [`The log is ${log}. It ends with:`, ...lines.slice(-count).map((line) => `  ${line}`)].join('\n');
}
