import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KubernetesConnectionError, KubernetesResponseError } from './errors.js';
import { settle } from './fake-clock.js';
import { failure, ingress, list, ReflectedIngresses } from './reflected-ingresses.fixture.js';

const PATH = '/apis/networking.k8s.io/v1/ingresses';

describe('Reflector', () => {
  let there: ReflectedIngresses;

  beforeEach(() => {
    there = new ReflectedIngresses();
  });

  afterEach(() => there.end());

  describe('listing', () => {
    it('lists in pages of 500, then watches from the resourceVersion of the list, with bookmarks', async () => {
      there.lists = [
        list(7, [ingress('a', 1)], 'page-2'),
        list(7, [ingress('b', 2)], 'page-3'),
        list(7, [ingress('c', 3)]),
      ];
      await there.start();
      expect(there.transport.requests.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
        { method: 'GET', path: PATH, query: { limit: 500 } },
        { method: 'GET', path: PATH, query: { limit: 500, continue: 'page-2' } },
        { method: 'GET', path: PATH, query: { limit: 500, continue: 'page-3' } },
      ]);
      expect([...there.objects.keys()]).toEqual(['shop/a', 'shop/b', 'shop/c']);
      expect(there.transport.watch.path).toBe(PATH);
      expect(there.transport.watch.query).toEqual({
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: '7',
        timeoutSeconds: 300,
      });
    });

    it('asks for watches of different length, so that they do not all end at once', async () => {
      await there.start({ random: () => 0.999 });
      expect(there.transport.watch.query.timeoutSeconds).toBe(599);
    });

    it('stamps apiVersion and kind on objects and drops managedFields', async () => {
      const managed = {
        ...ingress('a', 1),
        metadata: { ...ingress('a', 1).metadata, managedFields: [{ manager: 'kubectl' }] },
      };
      there.lists = [list(7, [managed])];
      await there.start();
      there.transport.watch.event('ADDED', {
        ...managed,
        metadata: { ...managed.metadata, name: 'b', resourceVersion: '8' },
      });
      await settle();
      for (const object of there.objects.values()) {
        expect(object).toMatchObject({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' });
        expect(object.metadata).not.toHaveProperty('managedFields');
      }
      expect(there.objects.size).toBe(2);
    });

    it('starts the list anew, all at once, when its continue token has expired', async () => {
      there.lists = [
        list(7, [ingress('gone', 1)], 'page-2'),
        failure(410, { reason: 'Expired', message: 'The provided continue parameter is too old' }),
        list(9, [ingress('a', 1), ingress('b', 8)]),
      ];
      await there.start();
      expect(there.transport.requests.map(({ query }) => query)).toEqual([
        { limit: 500 },
        { limit: 500, continue: 'page-2' },
        {},
      ]);
      expect([...there.objects.keys()]).toEqual(['shop/a', 'shop/b']);
      expect(there.transport.watch.query.resourceVersion).toBe('9');
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
      there.lists = [bad, list(7, [ingress('a', 1)])];
      await there.start();
      expect(there.reflector.counters.lastError).toEqual(new KubernetesResponseError(message));
      await there.clock.advance(800);
      expect([...there.objects.keys()]).toEqual(['shop/a']);
    });
  });

  describe('watching', () => {
    it('follows what is added, modified and deleted, wherever the network cuts the lines', async () => {
      there.lists = [list(7, [ingress('a', 1), ingress('b', 2)])];
      await there.start();
      const lines = [
        { type: 'ADDED', object: ingress('ü', 8) },
        { type: 'MODIFIED', object: ingress('a', 9) },
        { type: 'DELETED', object: ingress('b', 10) },
      ];
      const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      for (let at = 0; at < bytes.length; at += 3) there.transport.watch.send(bytes.subarray(at, at + 3));
      await settle();
      expect([...there.objects.values()].map(({ metadata }) => [metadata.name, metadata.resourceVersion])).toEqual([
        ['a', '9'],
        ['ü', '8'],
      ]);
      expect(there.reflector.counters).toMatchObject({ lists: 1, watches: 1, events: 3, bookmarks: 0, errors: 0 });
    });

    it('resumes a dropped connection from the last event, without a list', async () => {
      await there.start();
      there.transport.watch.event('ADDED', ingress('a', 8));
      await settle();
      there.transport.watch.fail(new KubernetesConnectionError('aborted'));
      await there.clock.advance(800);
      expect(there.transport.streams.map(({ query }) => query.resourceVersion)).toEqual(['7', '8']);
      expect(there.transport.requests).toHaveLength(1);
      expect(there.objects.size).toBe(1);
    });

    it('resumes from a bookmark', async () => {
      await there.start();
      there.transport.watch.event('BOOKMARK', { metadata: { resourceVersion: '5000' } });
      await settle();
      there.transport.watch.fail(new KubernetesConnectionError('aborted'));
      await there.clock.advance(800);
      expect(there.transport.watch.query.resourceVersion).toBe('5000');
      expect(there.reflector.counters).toMatchObject({ lists: 1, watches: 2, bookmarks: 1 });
    });

    it('does not use half a line that a connection ended in', async () => {
      await there.start();
      there.transport.watch.send(JSON.stringify({ type: 'ADDED', object: ingress('a', 8) }));
      there.transport.watch.end();
      await there.clock.advance(800);
      expect(there.objects.size).toBe(0);
      expect(there.transport.watch.query.resourceVersion).toBe('7');
    });

    it.each([
      ['as HTTP status', [failure(410, { reason: 'Expired', message: 'too old' })]],
      ['as ERROR event', []],
    ])('lists anew on 410 Gone %s, and finds what was deleted in the gap', async (_, failures) => {
      there.lists = [list(7, [ingress('a', 1), ingress('deleted in the gap', 2)]), list(20, [ingress('a', 1)])];
      there.transport.streamFailures.push(...failures);
      await there.start();
      there.transport.watch.event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' });
      await there.clock.advance(800);
      expect([...there.objects.keys()]).toEqual(['shop/a']);
      expect(there.transport.streams.map(({ query }) => query.resourceVersion)).toEqual(['7', '20']);
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
      there.lists = [list(7), list(9, [ingress('told by that line', 8)])];
      await there.start();
      there.transport.watch.send(line);
      await settle();
      expect(there.reflector.counters.lastError?.message).toBe(`watch of ingresses: ${message}`);
      await there.clock.advance(800);
      expect([...there.objects.keys()]).toEqual(['shop/told by that line']);
    });

    it('lists anew when the server is behind, as after the restoration of a backup', async () => {
      there.lists = [list(7), list(3, [ingress('a', 2)])];
      there.transport.streamFailures.push(
        failure(504, { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } }),
      );
      await there.start();
      await there.clock.advance(800);
      expect(there.transport.watch.query.resourceVersion).toBe('3');
    });
  });

  describe('silence', () => {
    it('takes a connection for dead on which nothing came for 90 seconds, and resumes (LP 1842689)', async () => {
      await there.start();
      await there.clock.advance(89_999);
      expect(there.transport.streams).toHaveLength(1);
      await there.clock.advance(1);
      expect(there.reflector.counters.lastError).toBeInstanceOf(KubernetesConnectionError);
      expect(there.transport.droppedIdle).toBe(1);
      await there.clock.advance(800);
      expect(there.transport.streams).toHaveLength(2);
      expect(there.transport.watch.query.resourceVersion).toBe('7');
      expect(there.transport.requests).toHaveLength(1);
    });

    it('counts from the last byte', async () => {
      await there.start();
      await there.clock.advance(60_000);
      there.transport.watch.event('BOOKMARK', { metadata: { resourceVersion: '8' } });
      await there.clock.advance(89_999);
      expect(there.reflector.counters.errors).toBe(0);
      await there.clock.advance(1);
      expect(there.reflector.counters.errors).toBe(1);
      await there.clock.advance(800);
      expect(there.transport.watch.query.resourceVersion).toBe('8');
    });

    it('is ended by every byte', async () => {
      await there.start();
      for (let minute = 0; minute < 4; minute += 1) {
        await there.clock.advance(60_000);
        there.transport.watch.send('\n');
        await settle();
      }
      expect(there.transport.streams).toHaveLength(1);
      expect(there.reflector.counters.errors).toBe(0);
    });

    it('ends a watch itself that the server does not end in time', async () => {
      await there.start();
      for (let second = 0; second < 329; second += 1) {
        await there.clock.advance(1000);
        there.transport.watch.send('\n');
      }
      expect(there.transport.streams).toHaveLength(1);
      await there.clock.advance(1000);
      expect(there.transport.streams).toHaveLength(2);
      expect(there.reflector.counters.errors).toBe(0);
    });
  });

  it('tells the last error until the server accepts a watch, long before its first event', async () => {
    there.transport.streamFailures.push(failure(500, { message: 'etcdserver: request timed out' }));
    await there.start();
    expect(there.reflector.counters).toMatchObject({ errors: 1, lastEventTime: there.clock.now() });
    expect(there.reflector.counters.lastError?.message).toContain('etcdserver: request timed out');
    await there.clock.advance(800);
    expect(there.reflector.counters).toMatchObject({
      errors: 1,
      lastError: undefined,
      lastEventTime: there.clock.now(),
    });
  });

  it.each([
    ['a watch', [list(7)]],
    ['a back-off', [failure(500)]],
  ])('ends at once in the middle of %s', async (_, answers) => {
    there.lists = answers;
    await there.start();
    there.stop.abort();
    await there.running;
    expect(there.clock.pending).toBe(0);
  });
});
