import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KubernetesConnectionError } from './errors.js';
import { settle } from './fake-clock.js';
import { RecordingLogger } from './recording-logger.fixture.js';
import { failure, ingress, list, ReflectedIngresses } from './reflected-ingresses.fixture.js';

describe('Reflector: back-off', () => {
  let there: ReflectedIngresses;

  beforeEach(() => {
    there = new ReflectedIngresses();
  });

  afterEach(() => there.end());

  it('waits 800 ms after the first failure, doubling to 30 s, and goes on for ever', async () => {
    there.lists = [failure(503)];
    await there.start();
    const delays: number[] = [];
    let before = there.transport.requests.length;
    let last = 0;
    for (let elapsed = 0; elapsed < 300_000; elapsed += 100) {
      await there.clock.advance(100);
      if (there.transport.requests.length === before) continue;
      before = there.transport.requests.length;
      delays.push(there.clock.now() - last);
      last = there.clock.now();
    }
    expect(delays.slice(0, 8)).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
    expect(delays.length).toBeGreaterThan(12);
    there.lists = [list(7, [ingress('a', 1)])];
    await there.clock.advance(30_000);
    expect(there.objects.size).toBe(1);
  });

  it('logs what it waits for once, and again after it has come', async () => {
    const logger = new RecordingLogger();
    const away = failure(503);
    there.lists = [away, away, away, list(7)];
    await there.start({ logger });
    await there.clock.advance(10_000);
    expect(logger.messages('warn')).toHaveLength(1);
    there.transport.watch.fail(away);
    await there.clock.advance(1_000);
    expect(logger.messages('warn')).toHaveLength(2);
  });

  it('takes up to half of each delay away by chance', async () => {
    there.lists = [failure(500)];
    await there.start({ random: () => 0.5 });
    await there.clock.advance(599);
    expect(there.transport.requests).toHaveLength(1);
    await there.clock.advance(1);
    expect(there.transport.requests).toHaveLength(2);
  });

  it.each([
    [429, undefined, '7', 7000],
    [503, undefined, '7', 7000],
    [429, { details: { retryAfterSeconds: 9 } }, undefined, 9000],
  ])('waits as long as a %i asks', async (status, body, header, delay) => {
    there.lists = [failure(status, body, header), list(7)];
    await there.start();
    await there.clock.advance(delay - 1);
    expect(there.transport.requests).toHaveLength(1);
    await there.clock.advance(1);
    expect(there.transport.requests).toHaveLength(2);
  });

  it.each([
    ['5xx', failure(500)],
    ['429', failure(429, {}, '0')],
    ['401, whose token is renewed', failure(401)],
    ['a refused connection', new KubernetesConnectionError('ECONNREFUSED')],
  ])('resumes the watch after %s', async (_, error) => {
    there.transport.streamFailures.push(error);
    await there.start();
    await there.clock.advance(800);
    expect(there.transport.streams).toHaveLength(2);
    expect(there.transport.watch.query.resourceVersion).toBe('7');
    expect(there.transport.requests).toHaveLength(1);
  });

  it('gives up a resourceVersion that the server always fails on', async () => {
    there.lists = [list(7), list(50)];
    there.transport.streamFailures.push(...Array.from({ length: 6 }, () => failure(500)));
    await there.start();
    await there.clock.advance(120_000);
    expect(there.transport.watch.query.resourceVersion).toBe('50');
  });

  it('keeps its resourceVersion while the server is not there, however long', async () => {
    there.transport.streamFailures.push(
      ...Array.from({ length: 60 }, () => new KubernetesConnectionError('ECONNREFUSED')),
    );
    await there.start();
    await there.clock.advance(3_600_000);
    expect(there.transport.requests).toHaveLength(1);
    expect(there.transport.watch.query.resourceVersion).toBe('7');
  });

  it('does not hammer a server that answers 410 to everything', async () => {
    there.transport.streamFailures.push(...Array.from({ length: 100 }, () => failure(410)));
    await there.start();
    await there.clock.advance(60_000);
    expect(there.reflector.counters.lists).toBeLessThan(8);
  });

  it('does not hammer a server that ends every watch at once', async () => {
    await there.start();
    for (let elapsed = 0; elapsed < 60_000; elapsed += 100) {
      there.transport.watch.end();
      await there.clock.advance(100);
    }
    expect(there.transport.streams.length).toBeLessThan(8);
    expect(there.reflector.counters).toMatchObject({ lists: 1, errors: 0 });
  });

  it('follows events within a second though the server ends every watch after each', async () => {
    await there.start();
    for (let version = 8; version < 28; version += 1) {
      there.transport.watch.event('ADDED', ingress(`i${version}`, version));
      there.transport.watch.end();
      await there.clock.advance(800);
    }
    expect(there.objects.size).toBe(20);
    expect(there.reflector.counters).toMatchObject({ lists: 1, watches: 21, errors: 0 });
  });

  it('replaces a quiet watch that did its time without any gap', async () => {
    await there.start();
    for (let round = 1; round <= 5; round += 1) {
      for (let minute = 0; minute < 5; minute += 1) {
        await there.clock.advance(60_000);
        there.transport.watch.send('\n');
      }
      const now = there.clock.now();
      there.transport.watch.end();
      await settle();
      expect(there.transport.streams).toHaveLength(round + 1);
      expect(there.clock.now()).toBe(now);
    }
    expect(there.reflector.counters.lists).toBe(1);
  });

  it('starts over at 800 ms after a healthy spell', async () => {
    there.transport.streamFailures.push(failure(500), failure(500), failure(500));
    await there.start();
    await there.clock.advance(800 + 1600 + 3200);
    expect(there.transport.streams).toHaveLength(4);
    await there.clock.advance(10_000);
    there.transport.watch.fail(new KubernetesConnectionError('aborted'));
    await there.clock.advance(800);
    expect(there.transport.streams).toHaveLength(5);
  });
});
