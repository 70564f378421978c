import { beforeEach, describe, expect, it } from '@jest/globals';
import { cut } from './cluster-event.js';
import { KubernetesConnectionError } from './errors.js';
import { EventRecorder } from './event-recorder.js';
import { FakeClock, settle } from './fake-clock.js';
import { FakeTransport } from './fake-transport.fixture.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import type { EventNote } from './kubernetes-writer.js';
import { RecordingLogger } from './recording-logger.fixture.js';
import { INGRESS_CLASSES, INGRESSES } from './resource-kinds.js';

const INGRESS = { metadata: { namespace: 'shop', name: 'web', uid: 'uid-1', resourceVersion: '7' } };
const NOTE: EventNote = {
  type: 'Warning',
  reason: 'ServiceNotFound',
  action: 'Routing',
  note: 'there is no Service api',
};
const EVENTS_PATH = '/apis/events.k8s.io/v1/namespaces/shop/events';

describe('EventRecorder', () => {
  let clock: FakeClock;
  let logger: RecordingLogger;
  let transport: FakeTransport;
  let recorder: EventRecorder;
  let answers: unknown[];

  beforeEach(() => {
    clock = new FakeClock();
    logger = new RecordingLogger();
    answers = [];
    transport = new FakeTransport(() => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? {};
    });
    recorder = new EventRecorder(transport, {
      controller: 'kuryr-l7',
      instance: 'kuryr-l7-0',
      logger,
      clock,
      seriesInterval: 30_000,
    });
  });

  const sent = (): [string, unknown][] => transport.requests.map(({ method, body }) => [method, body]);

  it('counts what failed for the same reason as one Event: ids of requests are for the log', async () => {
    for (const note of [
      'Neutron POST /ports: 409 Quota exceeded (req-3c5b7a0e-1f2d-4e6b-9a8c-7d6e5f4a3b2c): delete some',
      'Neutron POST /ports: 409 Quota exceeded (req-00000000-1f2d-4e6b-9a8c-7d6e5f4a3b2c): delete some',
    ]) {
      recorder.record(INGRESSES, INGRESS, { ...NOTE, note });
    }
    recorder.record(INGRESSES, INGRESS, { ...NOTE, note: "request_ids: ['req-3c5b7a0e-1f2d-4e6b-9a8c-7d6e5f4a3b2c']" });
    recorder.record(INGRESSES, INGRESS, { ...NOTE, note: 'req-api.example.com is of shop/req-web (req-form)' });
    await settle();
    expect(sent()).toMatchObject([
      ['POST', { note: 'Neutron POST /ports: 409 Quota exceeded: delete some', series: { count: 2 } }],
      ['POST', { note: "request_ids: ['']" }],
      ['POST', { note: 'req-api.example.com is of shop/req-web (req-form)' }],
    ]);
  });

  it('writes an Event of events.k8s.io/v1', async () => {
    recorder.record(INGRESSES, INGRESS, NOTE);
    await settle();
    expect(transport.requests).toMatchObject([{ method: 'POST', path: EVENTS_PATH }]);
    expect(transport.requests[0]?.body).toEqual({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: expect.stringMatching(/^web\.[0-9a-f]{16}$/), namespace: 'shop' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'kuryr-l7',
      reportingInstance: 'kuryr-l7-0',
      type: 'Warning',
      reason: 'ServiceNotFound',
      action: 'Routing',
      note: 'there is no Service api',
      regarding: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        namespace: 'shop',
        name: 'web',
        uid: 'uid-1',
        resourceVersion: '7',
      },
    });
  });

  it('writes about a cluster-wide object in the namespace default', async () => {
    recorder.record(INGRESS_CLASSES, { metadata: { name: 'kuryr' } }, NOTE);
    await settle();
    expect(transport.requests[0]?.path).toBe('/apis/events.k8s.io/v1/namespaces/default/events');
  });

  it('makes repeats a series, written every half a minute however many there are', async () => {
    for (let second = 0; second < 60; second += 1) {
      for (let time = 0; time < 10; time += 1) recorder.record(INGRESSES, INGRESS, NOTE);
      await clock.advance(1000);
    }
    await clock.advance(30_000);
    expect(sent().slice(1)).toEqual([
      ['PATCH', { series: { count: 300, lastObservedTime: '2026-01-01T00:00:29.000000Z' } }],
      ['PATCH', { series: { count: 600, lastObservedTime: '2026-01-01T00:00:59.000000Z' } }],
    ]);
    const { metadata } = Object(transport.requests[0]?.body);
    expect(transport.requests.at(-1)?.path).toBe(`${EVENTS_PATH}/${metadata.name}`);
    await clock.advance(600_000);
    expect(transport.requests).toHaveLength(3);
  });

  it.each([
    ['reason', INGRESS, { ...NOTE, reason: 'PortNotFound' }],
    ['note', INGRESS, { ...NOTE, note: 'there is no Service cart' }],
    ['type', INGRESS, { ...NOTE, type: 'Normal' as const }],
    ['action', INGRESS, { ...NOTE, action: 'Deleting' }],
    ['object', { metadata: { ...INGRESS.metadata, uid: 'uid-2' } }, NOTE],
  ])('writes another Event for another %s', async (_, object, note) => {
    recorder.record(INGRESSES, INGRESS, NOTE);
    recorder.record(INGRESSES, object, note);
    await settle();
    expect(sent().map(([method]) => method)).toEqual(['POST', 'POST']);
  });

  it('writes a series anew whose Event was deleted', async () => {
    answers = [{}, new KubernetesApiError('gone', { status: 404, reason: 'NotFound' })];
    recorder.record(INGRESSES, INGRESS, NOTE);
    await settle();
    recorder.record(INGRESSES, INGRESS, NOTE);
    await clock.advance(30_000);
    expect(sent().map(([method]) => method)).toEqual(['POST', 'PATCH', 'POST']);
    expect(transport.requests.at(-1)?.body).toMatchObject({ reason: 'ServiceNotFound', series: { count: 2 } });
  });

  it('begins a new Event when the API server has forgotten the old one', async () => {
    recorder.record(INGRESSES, INGRESS, NOTE);
    await clock.advance(3_600_000);
    recorder.record(INGRESSES, INGRESS, NOTE);
    await settle();
    expect(sent().map(([method]) => method)).toEqual(['POST', 'POST']);
  });

  it('tries again when the API server is not there, and then only logs', async () => {
    answers = [new KubernetesConnectionError('refused'), new KubernetesApiError('busy', { status: 503, reason: '' })];
    recorder.record(INGRESSES, INGRESS, NOTE);
    await clock.advance(10_000);
    expect(transport.requests).toHaveLength(3);
    expect(logger.entries).toEqual([]);
    answers = Array.from({ length: 3 }, () => new KubernetesConnectionError('refused'));
    recorder.record(INGRESSES, INGRESS, { ...NOTE, reason: 'Other' });
    await clock.advance(10_000);
    expect(logger.messages('warn')).toEqual(['an Event could not be written']);
  });

  it('takes an Event for written whose first answer was lost', async () => {
    const exists = new KubernetesApiError('exists', { status: 409, reason: 'AlreadyExists' });
    answers = [new KubernetesConnectionError('reset'), exists];
    recorder.record(INGRESSES, INGRESS, NOTE);
    await clock.advance(10_000);
    expect(logger.entries).toEqual([]);
  });

  it('logs an Event that is refused, and goes on', async () => {
    answers = [new KubernetesApiError('forbidden', { status: 403, reason: 'Forbidden' })];
    recorder.record(INGRESSES, INGRESS, NOTE);
    recorder.record(INGRESSES, INGRESS, { ...NOTE, reason: 'Other' });
    await settle();
    expect(logger.messages('warn')).toEqual(['an Event could not be written']);
    expect(transport.requests).toHaveLength(2);
  });

  it('writes at most 25 different Events about one object at a time, then one in five minutes', async () => {
    for (let index = 0; index < 100; index += 1) recorder.record(INGRESSES, INGRESS, { ...NOTE, note: `${index}` });
    recorder.record(INGRESSES, { metadata: { ...INGRESS.metadata, uid: 'uid-2' } }, NOTE);
    await settle();
    expect(transport.requests).toHaveLength(26);
    await clock.advance(300_000);
    for (let index = 100; index < 200; index += 1) recorder.record(INGRESSES, INGRESS, { ...NOTE, note: `${index}` });
    await settle();
    expect(transport.requests).toHaveLength(27);
  });

  it('drops Events beyond a thousand that wait', async () => {
    answers = [new Promise(() => undefined)];
    for (let index = 0; index < 1005; index += 1) {
      recorder.record(INGRESSES, { metadata: { ...INGRESS.metadata, uid: `uid-${index}` } }, NOTE);
    }
    expect(logger.messages('warn')).toHaveLength(5);
    const closed = recorder.close();
    await clock.advance(1000);
    await closed;
  });

  it('writes what waits when it is closed, and no more afterwards', async () => {
    recorder.record(INGRESSES, INGRESS, NOTE);
    recorder.record(INGRESSES, INGRESS, NOTE);
    await recorder.close();
    recorder.record(INGRESSES, INGRESS, { ...NOTE, reason: 'TooLate' });
    await recorder.close();
    expect(sent()).toEqual([
      ['POST', expect.objectContaining({ series: { count: 2, lastObservedTime: '2026-01-01T00:00:00.000000Z' } })],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('is closed within a second though the API server does not answer', async () => {
    answers = [new Promise(() => undefined)];
    recorder.record(INGRESSES, INGRESS, NOTE);
    const closed = recorder.close();
    await clock.advance(1000);
    await closed;
    expect(clock.pending).toBe(0);
  });
});

describe('cut', () => {
  it('leaves what fits', () => {
    expect(cut('x'.repeat(1024), 1024)).toBe('x'.repeat(1024));
  });

  it('counts bytes and splits no character', () => {
    const text = cut('€'.repeat(400), 1024);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
    expect(text).toBe(`${'€'.repeat(340)}…`);
    expect(cut(`ab${'€'.repeat(400)}`, 1024)).toBe(`ab${'€'.repeat(339)}…`);
  });
});
