import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { withHeartbeat } from './heartbeat.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('tells every ten seconds how far the work is, until it ends', async () => {
  const told: string[] = [];
  let done = 0;
  let finish: (result: string) => void = () => undefined;
  const working = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const work = withHeartbeat(
    (text) => told.push(text),
    () => `${done} of 3`,
    working,
  );
  await jest.advanceTimersByTimeAsync(10_000);
  done = 2;
  await jest.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual(['0 of 3', '2 of 3']);
  finish('all');
  expect(await work).toBe('all');
  expect(jest.getTimerCount()).toBe(0);
});

it('tells nothing more when the work fails', async () => {
  await expect(
    withHeartbeat(
      () => undefined,
      () => '',
      Promise.reject(new Error('no mirror')),
    ),
  ).rejects.toThrow('no mirror');
  expect(jest.getTimerCount()).toBe(0);
});
