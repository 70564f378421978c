import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KubernetesConnectionError, KubernetesResponseError } from './errors.js';
import { FakeClock, settle } from './fake-clock.js';
import { FakeTransport, type SentRequest } from './fake-transport.fixture.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import { type KubernetesObject, keyOf } from './kubernetes-object.js';
import { RecordingLogger } from './recording-logger.fixture.js';
import { Reflector, type ReflectorOptions } from './reflector.js';
import { INGRESSES, type ObjectOf } from './resource-kinds.js';

type Ingress = ObjectOf<typeof INGRESSES>;

const PATH = '/apis/networking.k8s.io/v1/ingresses';

function ingress(name: string, resourceVersion: number | string): KubernetesObject {
  return { metadata: { namespace: 'shop', name, uid: `uid-${name}`, resourceVersion: String(resourceVersion) } };
}

function list(resourceVersion: number | string, items: readonly unknown[] = [], continueToken?: string): unknown {
  return { metadata: { resourceVersion: String(resourceVersion), continue: continueToken }, items };
}

function failure(status: number, body: unknown = {}, retryAfter?: string): KubernetesApiError {
  return KubernetesApiError.fromStatus('GET', status, body, retryAfter);
}

describe('Reflector', () => {
  let clock: FakeClock;
  let transport: FakeTransport;
  let stop: AbortController;
  let running: Promise<void>;
  let reflector: Reflector<Ingress>;
  let objects: Map<string, Ingress>;
  /** Answers lists; throws what is an Error. */
  let lists: unknown[];

  function start(options: ReflectorOptions = {}): Promise<void> {
    const target = {
      replace(all: readonly Ingress[]) {
        objects = new Map(all.map((object) => [keyOf(object), object]));
      },
      set(object: Ingress) {
        objects.set(keyOf(object), object);
      },
      delete(object: Ingress) {
        objects.delete(keyOf(object));
      },
    };
    reflector = new Reflector(transport, INGRESSES, target, { clock, random: () => 0, ...options });
    running = reflector.run(stop.signal);
    return settle();
  }

  function respond(_request: SentRequest): unknown {
    const next = lists.length > 1 ? lists.shift() : lists[0];
    if (next instanceof Error) throw next;
    return structuredClone(next);
  }

  beforeEach(() => {
    clock = new FakeClock();
    transport = new FakeTransport(respond);
    stop = new AbortController();
    running = Promise.resolve();
    objects = new Map();
    lists = [list(7)];
  });

  afterEach(async () => {
    stop.abort();
    await running;
    expect(clock.pending).toBe(0);
  });

  describe('listing', () => {
    it('lists in pages of 500, then watches from the resourceVersion of the list, with bookmarks', async () => {
      lists = [list(7, [ingress('a', 1)], 'page-2'), list(7, [ingress('b', 2)], 'page-3'), list(7, [ingress('c', 3)])];
      await start();
      expect(transport.requests.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
        { method: 'GET', path: PATH, query: { limit: 500 } },
        { method: 'GET', path: PATH, query: { limit: 500, continue: 'page-2' } },
        { method: 'GET', path: PATH, query: { limit: 500, continue: 'page-3' } },
      ]);
      expect([...objects.keys()]).toEqual(['shop/a', 'shop/b', 'shop/c']);
      expect(transport.watch.path).toBe(PATH);
      expect(transport.watch.query).toEqual({
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: '7',
        timeoutSeconds: 300,
      });
    });

    it('asks for watches of different length, so that they do not all end at once', async () => {
      await start({ random: () => 0.999 });
      expect(transport.watch.query.timeoutSeconds).toBe(599);
    });

    it('stamps apiVersion and kind on objects and drops managedFields', async () => {
      const managed = {
        ...ingress('a', 1),
        metadata: { ...ingress('a', 1).metadata, managedFields: [{ manager: 'kubectl' }] },
      };
      lists = [list(7, [managed])];
      await start();
      transport.watch.event('ADDED', {
        ...managed,
        metadata: { ...managed.metadata, name: 'b', resourceVersion: '8' },
      });
      await settle();
      for (const object of objects.values()) {
        expect(object).toMatchObject({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' });
        expect(object.metadata).not.toHaveProperty('managedFields');
      }
      expect(objects.size).toBe(2);
    });

    it('starts the list anew, all at once, when its continue token has expired', async () => {
      lists = [
        list(7, [ingress('gone', 1)], 'page-2'),
        failure(410, { reason: 'Expired', message: 'The provided continue parameter is too old' }),
        list(9, [ingress('a', 1), ingress('b', 8)]),
      ];
      await start();
      expect(transport.requests.map(({ query }) => query)).toEqual([
        { limit: 500 },
        { limit: 500, continue: 'page-2' },
        {},
      ]);
      expect([...objects.keys()]).toEqual(['shop/a', 'shop/b']);
      expect(transport.watch.query.resourceVersion).toBe('9');
    });

    it.each([
      [
        'without resourceVersion',
        { metadata: {}, items: [] },
        'list of ingresses: metadata.resourceVersion: is missing',
      ],
      [
        'without a name on an item',
        list(7, [{ metadata: {} }]),
        'list of ingresses: items[0].metadata.name: is missing',
      ],
      ['that is no object', [], 'list of ingresses: an object was expected'],
    ])('names the field of a list %s and lists again', async (_, bad, message) => {
      lists = [bad, list(7, [ingress('a', 1)])];
      await start();
      expect(reflector.counters.lastError).toEqual(new KubernetesResponseError(message));
      await clock.advance(800);
      expect([...objects.keys()]).toEqual(['shop/a']);
    });
  });

  describe('watching', () => {
    it('follows what is added, modified and deleted, wherever the network cuts the lines', async () => {
      lists = [list(7, [ingress('a', 1), ingress('b', 2)])];
      await start();
      const lines = [
        { type: 'ADDED', object: ingress('ü', 8) },
        { type: 'MODIFIED', object: ingress('a', 9) },
        { type: 'DELETED', object: ingress('b', 10) },
      ];
      const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      for (let at = 0; at < bytes.length; at += 3) transport.watch.send(bytes.subarray(at, at + 3));
      await settle();
      expect([...objects.values()].map(({ metadata }) => [metadata.name, metadata.resourceVersion])).toEqual([
        ['a', '9'],
        ['ü', '8'],
      ]);
      expect(reflector.counters).toMatchObject({ lists: 1, watches: 1, events: 3, bookmarks: 0, errors: 0 });
    });

    it('resumes a dropped connection from the last event, without a list', async () => {
      await start();
      transport.watch.event('ADDED', ingress('a', 8));
      await settle();
      transport.watch.fail(new KubernetesConnectionError('aborted'));
      await clock.advance(800);
      expect(transport.streams.map(({ query }) => query.resourceVersion)).toEqual(['7', '8']);
      expect(transport.requests).toHaveLength(1);
      expect(objects.size).toBe(1);
    });

    it('resumes from a bookmark', async () => {
      await start();
      transport.watch.event('BOOKMARK', { metadata: { resourceVersion: '5000' } });
      await settle();
      transport.watch.fail(new KubernetesConnectionError('aborted'));
      await clock.advance(800);
      expect(transport.watch.query.resourceVersion).toBe('5000');
      expect(reflector.counters).toMatchObject({ lists: 1, watches: 2, bookmarks: 1 });
    });

    it('does not use half a line that a connection ended in', async () => {
      await start();
      transport.watch.send(JSON.stringify({ type: 'ADDED', object: ingress('a', 8) }));
      transport.watch.end();
      await clock.advance(800);
      expect(objects.size).toBe(0);
      expect(transport.watch.query.resourceVersion).toBe('7');
    });

    it.each([
      ['as HTTP status', [failure(410, { reason: 'Expired', message: 'too old' })]],
      ['as ERROR event', []],
    ])('lists anew on 410 Gone %s, and finds what was deleted in the gap', async (_, failures) => {
      lists = [list(7, [ingress('a', 1), ingress('deleted in the gap', 2)]), list(20, [ingress('a', 1)])];
      transport.streamFailures.push(...failures);
      await start();
      transport.watch.event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });
      await clock.advance(800);
      expect([...objects.keys()]).toEqual(['shop/a']);
      expect(transport.streams.map(({ query }) => query.resourceVersion)).toEqual(['7', '20']);
    });

    it.each([
      ['that is not JSON', 'garbage\n', 'a line is not JSON: "garbage"'],
      ['that is no object', '[]\n', 'a line is not a JSON object'],
      ['of an unknown type', '{"type":"NEWS","object":{}}\n', 'type: "NEWS" is none of the API\'s'],
      [
        'without resourceVersion',
        '{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n',
        'object: metadata.resourceVersion: is missing',
      ],
      [
        'without name',
        '{"type":"ADDED","object":{"metadata":{"resourceVersion":"8"}}}\n',
        'object.metadata.name: is missing',
      ],
    ])('lists anew on a line %s, which is never silently dropped', async (_, line, message) => {
      lists = [list(7), list(9, [ingress('told by that line', 8)])];
      await start();
      transport.watch.send(line);
      await settle();
      expect(reflector.counters.lastError?.message).toBe(`watch of ingresses: ${message}`);
      await clock.advance(800);
      expect([...objects.keys()]).toEqual(['shop/told by that line']);
    });

    it('lists anew when the server is behind, as after the restoration of a backup', async () => {
      lists = [list(7), list(3, [ingress('a', 2)])];
      transport.streamFailures.push(
        failure(504, { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } }),
      );
      await start();
      await clock.advance(800);
      expect(transport.watch.query.resourceVersion).toBe('3');
    });
  });

  describe('silence', () => {
    it('takes a connection for dead on which nothing came for 90 seconds, and resumes (LP 1842689)', async () => {
      await start();
      await clock.advance(89_999);
      expect(transport.streams).toHaveLength(1);
      await clock.advance(1);
      expect(reflector.counters.lastError).toBeInstanceOf(KubernetesConnectionError);
      expect(transport.droppedIdle).toBe(1);
      await clock.advance(800);
      expect(transport.streams).toHaveLength(2);
      expect(transport.watch.query.resourceVersion).toBe('7');
      expect(transport.requests).toHaveLength(1);
    });

    it('counts from the last byte', async () => {
      await start();
      await clock.advance(60_000);
      transport.watch.event('BOOKMARK', { metadata: { resourceVersion: '8' } });
      await clock.advance(89_999);
      expect(reflector.counters.errors).toBe(0);
      await clock.advance(1);
      expect(reflector.counters.errors).toBe(1);
      await clock.advance(800);
      expect(transport.watch.query.resourceVersion).toBe('8');
    });

    it('is ended by every byte', async () => {
      await start();
      for (let minute = 0; minute < 4; minute += 1) {
        await clock.advance(60_000);
        transport.watch.send('\n');
        await settle();
      }
      expect(transport.streams).toHaveLength(1);
      expect(reflector.counters.errors).toBe(0);
    });

    it('ends a watch itself that the server does not end in time', async () => {
      await start();
      for (let second = 0; second < 329; second += 1) {
        await clock.advance(1000);
        transport.watch.send('\n');
      }
      expect(transport.streams).toHaveLength(1);
      await clock.advance(1000);
      expect(transport.streams).toHaveLength(2);
      expect(reflector.counters.errors).toBe(0);
    });
  });

  describe('back-off', () => {
    it('waits 800 ms after the first failure, doubling to 30 s, and goes on for ever', async () => {
      lists = [failure(503)];
      await start();
      const delays: number[] = [];
      let before = transport.requests.length;
      let last = 0;
      for (let elapsed = 0; elapsed < 300_000; elapsed += 100) {
        await clock.advance(100);
        if (transport.requests.length === before) continue;
        before = transport.requests.length;
        delays.push(clock.now() - last);
        last = clock.now();
      }
      expect(delays.slice(0, 8)).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
      expect(delays.length).toBeGreaterThan(12);
      lists = [list(7, [ingress('a', 1)])];
      await clock.advance(30_000);
      expect(objects.size).toBe(1);
    });

    it('logs what it waits for once, and again after it has come', async () => {
      const logger = new RecordingLogger();
      const away = failure(503);
      lists = [away, away, away, list(7)];
      await start({ logger });
      await clock.advance(10_000);
      expect(logger.messages('warn')).toHaveLength(1);
      transport.watch.fail(away);
      await clock.advance(1_000);
      expect(logger.messages('warn')).toHaveLength(2);
    });

    it('takes up to half of each delay away by chance', async () => {
      lists = [failure(500)];
      await start({ random: () => 0.5 });
      await clock.advance(599);
      expect(transport.requests).toHaveLength(1);
      await clock.advance(1);
      expect(transport.requests).toHaveLength(2);
    });

    it.each([
      [429, undefined, '7', 7000],
      [503, undefined, '7', 7000],
      [429, { details: { retryAfterSeconds: 9 } }, undefined, 9000],
    ])('waits as long as a %i asks', async (status, body, header, delay) => {
      lists = [failure(status, body, header), list(7)];
      await start();
      await clock.advance(delay - 1);
      expect(transport.requests).toHaveLength(1);
      await clock.advance(1);
      expect(transport.requests).toHaveLength(2);
    });

    it.each([
      ['5xx', failure(500)],
      ['429', failure(429, {}, '0')],
      ['401, whose token is renewed', failure(401)],
      ['a refused connection', new KubernetesConnectionError('ECONNREFUSED')],
    ])('resumes the watch after %s', async (_, error) => {
      transport.streamFailures.push(error);
      await start();
      await clock.advance(800);
      expect(transport.streams).toHaveLength(2);
      expect(transport.watch.query.resourceVersion).toBe('7');
      expect(transport.requests).toHaveLength(1);
    });

    it('gives up a resourceVersion that the server always fails on', async () => {
      lists = [list(7), list(50)];
      transport.streamFailures.push(...Array.from({ length: 6 }, () => failure(500)));
      await start();
      await clock.advance(120_000);
      expect(transport.watch.query.resourceVersion).toBe('50');
    });

    it('keeps its resourceVersion while the server is not there, however long', async () => {
      transport.streamFailures.push(...Array.from({ length: 60 }, () => new KubernetesConnectionError('ECONNREFUSED')));
      await start();
      await clock.advance(3_600_000);
      expect(transport.requests).toHaveLength(1);
      expect(transport.watch.query.resourceVersion).toBe('7');
    });

    it('does not hammer a server that answers 410 to everything', async () => {
      transport.streamFailures.push(...Array.from({ length: 100 }, () => failure(410)));
      await start();
      await clock.advance(60_000);
      expect(reflector.counters.lists).toBeLessThan(8);
    });

    it('does not hammer a server that ends every watch at once', async () => {
      await start();
      for (let elapsed = 0; elapsed < 60_000; elapsed += 100) {
        transport.watch.end();
        await clock.advance(100);
      }
      expect(transport.streams.length).toBeLessThan(8);
      expect(reflector.counters).toMatchObject({ lists: 1, errors: 0 });
    });

    it('follows events within a second though the server ends every watch after each', async () => {
      await start();
      for (let version = 8; version < 28; version += 1) {
        transport.watch.event('ADDED', ingress(`i${version}`, version));
        transport.watch.end();
        await clock.advance(800);
      }
      expect(objects.size).toBe(20);
      expect(reflector.counters).toMatchObject({ lists: 1, watches: 21, errors: 0 });
    });

    it('replaces a quiet watch that did its time without any gap', async () => {
      await start();
      for (let round = 1; round <= 5; round += 1) {
        for (let minute = 0; minute < 5; minute += 1) {
          await clock.advance(60_000);
          transport.watch.send('\n');
        }
        const now = clock.now();
        transport.watch.end();
        await settle();
        expect(transport.streams).toHaveLength(round + 1);
        expect(clock.now()).toBe(now);
      }
      expect(reflector.counters.lists).toBe(1);
    });

    it('starts over at 800 ms after a healthy spell', async () => {
      transport.streamFailures.push(failure(500), failure(500), failure(500));
      await start();
      await clock.advance(800 + 1600 + 3200);
      expect(transport.streams).toHaveLength(4);
      await clock.advance(10_000);
      transport.watch.fail(new KubernetesConnectionError('aborted'));
      await clock.advance(800);
      expect(transport.streams).toHaveLength(5);
    });
  });

  it('tells the last error until the server accepts a watch, long before its first event', async () => {
    transport.streamFailures.push(failure(500, { message: 'etcdserver: request timed out' }));
    await start();
    expect(reflector.counters).toMatchObject({ errors: 1, lastEventTime: clock.now() });
    expect(reflector.counters.lastError?.message).toContain('etcdserver: request timed out');
    await clock.advance(800);
    expect(reflector.counters).toMatchObject({ errors: 1, lastError: undefined, lastEventTime: clock.now() });
  });

  it.each([
    ['a watch', [list(7)]],
    ['a back-off', [failure(500)]],
  ])('ends at once in the middle of %s', async (_, answers) => {
    lists = answers;
    await start();
    stop.abort();
    await running;
    expect(clock.pending).toBe(0);
  });
});
