/** Bounded waits for a service that was just started. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { BedError } from './bed-error.js';
import { lastLines } from './command.js';
import { logFile } from './folders.js';
import { recordFile, runningPid } from './recorded-process.js';

/** @throws {BedError} naming the log when the service ends or is not ready in time. */
export async function waitUntilReady(
  name: string,
  timeoutSeconds: number,
  isReady: () => Promise<boolean>,
): Promise<void> {
  const end = performance.now() + timeoutSeconds * 1000;
  while (!(await isReady())) {
    const log = logFile(name);
    if (runningPid(recordFile(name)) === undefined)
      throw new BedError(`${name} ended while it started.\n${lastLines(log)}`);
    if (performance.now() > end)
      throw new BedError(`${name} is not ready after ${timeoutSeconds} s.\n${lastLines(log)}`);
    await delay(100);
  }
}

/** Whether something listens on a port of 127.0.0.1. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export async function answers(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(5000) });
    return status < 500;
  } catch {
    return false;
  }
}

export async function hasLogged(name: string, text: string): Promise<boolean> {
  try {
    return readFileSync(logFile(name), 'utf8').includes(text);
  } catch {
    return false;
  }
}
