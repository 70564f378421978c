import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ClosableKubernetesWriter, createKubernetesWriter } from './create-kubernetes-writer.js';
import { FakeClock } from './fake-clock.js';
import { FakeTransport, type SentRequest } from './fake-transport.fixture.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import { INGRESSES, type ObjectOf, SERVICES } from './resource-kinds.js';

type Service = ObjectOf<typeof SERVICES>;

const PATH = '/api/v1/namespaces/shop/services/web';

function service(resourceVersion: string, annotations: Record<string, string> = {}, uid = 'uid-1'): Service {
  return { metadata: { namespace: 'shop', name: 'web', uid, resourceVersion, annotations } };
}

const failure = (status: number, reason = ''): KubernetesApiError =>
  KubernetesApiError.fromStatus('PATCH', status, { reason });

describe('createKubernetesWriter', () => {
  let transport: FakeTransport;
  let writer: ClosableKubernetesWriter;
  let answers: unknown[];

  beforeEach(() => {
    answers = [];
    transport = new FakeTransport(() => {
      const answer = answers.shift() ?? {};
      if (answer instanceof Error) throw answer;
      return structuredClone(answer);
    });
    writer = createKubernetesWriter(transport, { component: 'kuryr-l7', clock: new FakeClock() });
  });

  afterEach(() => writer.close());

  const sent = (): Partial<SentRequest>[] => transport.requests.map(({ signal: _, ...request }) => request);

  function mergePatch(body: unknown, path = PATH): Partial<SentRequest> {
    return { method: 'PATCH', path, body, contentType: 'application/merge-patch+json' };
  }

  describe('setFinalizer', () => {
    const held = (resourceVersion: string, ...finalizers: readonly string[]): Service => ({
      metadata: { ...service(resourceVersion).metadata, finalizers },
    });

    it('puts one on and takes one off, beside those of others', async () => {
      await writer.setFinalizer(SERVICES, held('7', 'theirs'), 'ours', true);
      await writer.setFinalizer(SERVICES, held('8', 'theirs', 'ours'), 'ours', false);
      expect(sent()).toEqual([
        mergePatch({ metadata: { resourceVersion: '7', finalizers: ['theirs', 'ours'] } }),
        mergePatch({ metadata: { resourceVersion: '8', finalizers: ['theirs'] } }),
      ]);
    });

    it('writes nothing when it is so already', async () => {
      expect(await writer.setFinalizer(SERVICES, held('7', 'ours'), 'ours', true)).toBe(true);
      expect(await writer.setFinalizer(SERVICES, service('7'), 'ours', false)).toBe(true);
      expect(sent()).toEqual([]);
    });

    it('keeps what somebody else put on meanwhile', async () => {
      answers = [failure(409, 'Conflict'), held('8', 'new')];
      await writer.setFinalizer(SERVICES, service('7'), 'ours', true);
      expect(sent().at(-1)).toEqual(mergePatch({ metadata: { resourceVersion: '8', finalizers: ['new', 'ours'] } }));
    });
  });

  describe('annotate', () => {
    it('patches what differs, guarded by the resourceVersion', async () => {
      expect(await writer.annotate(SERVICES, service('7', { b: 'old' }), { a: '1', b: null })).toBe(true);
      expect(sent()).toEqual([mergePatch({ metadata: { resourceVersion: '7', annotations: { a: '1', b: null } } })]);
    });

    it('writes nothing when the object is so already', async () => {
      expect(await writer.annotate(SERVICES, service('7', { a: '1' }), { a: '1', b: null })).toBe(true);
      expect(sent()).toEqual([]);
    });

    it('retries a conflict with the newest object', async () => {
      answers = [failure(409, 'Conflict'), service('8', { other: 'x' }), failure(409, 'Conflict'), service('9')];
      expect(await writer.annotate(SERVICES, service('7'), { a: '1' })).toBe(true);
      expect(sent()).toEqual([
        mergePatch({ metadata: { resourceVersion: '7', annotations: { a: '1' } } }),
        { method: 'GET', path: PATH },
        mergePatch({ metadata: { resourceVersion: '8', annotations: { a: '1' } } }),
        { method: 'GET', path: PATH },
        mergePatch({ metadata: { resourceVersion: '9', annotations: { a: '1' } } }),
      ]);
    });

    it('is content when somebody else made it so meanwhile', async () => {
      answers = [failure(409, 'Conflict'), service('8', { a: '1' })];
      expect(await writer.annotate(SERVICES, service('7'), { a: '1' })).toBe(true);
      expect(sent()).toHaveLength(2);
    });

    it('gives up when the object is always changed by somebody else', async () => {
      answers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? failure(409, 'Conflict') : service('8')));
      await expect(writer.annotate(SERVICES, service('7'), { a: '1' })).rejects.toMatchObject({ status: 409 });
      expect(sent()).toHaveLength(9);
    });

    it.each([
      ['is gone', [failure(404)]],
      ['was deleted meanwhile', [failure(409, 'Conflict'), failure(404)]],
      ['was made anew meanwhile', [failure(409, 'Conflict'), service('9', {}, 'uid-2')]],
    ])('resolves to false when the object %s', async (_, replies) => {
      answers = replies;
      expect(await writer.annotate(SERVICES, service('7'), { a: '1' })).toBe(false);
    });

    it('throws what is no conflict', async () => {
      answers = [failure(403, 'Forbidden')];
      await expect(writer.annotate(SERVICES, service('7'), { a: '1' })).rejects.toMatchObject({ status: 403 });
    });

    it('ends with its signal', async () => {
      const abort = new AbortController();
      abort.abort(new Error('stopped'));
      const annotated = writer.annotate(SERVICES, service('7'), { a: '1' }, abort.signal);
      await expect(annotated).rejects.toThrow('stopped');
    });
  });

  describe('patchStatus', () => {
    const path = '/apis/networking.k8s.io/v1/namespaces/shop/ingresses/web/status';
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };

    const metadata = { namespace: 'shop', name: 'web', uid: 'uid-1', resourceVersion: '7' };
    const current: ObjectOf<typeof INGRESSES> = { metadata, status: { loadBalancer: {} } };

    it('patches the status subresource, guarded by the resourceVersion', async () => {
      expect(await writer.patchStatus(INGRESSES, current, status)).toBe(true);
      expect(sent()).toEqual([mergePatch({ metadata: { resourceVersion: '7' }, status }, path)]);
    });

    it('retries a conflict over something else than the status', async () => {
      const newer = { ...current, metadata: { ...current.metadata, resourceVersion: '8' } };
      answers = [failure(409, 'Conflict'), newer];
      expect(await writer.patchStatus(INGRESSES, current, status)).toBe(true);
      expect(sent().at(-1)).toEqual(mergePatch({ metadata: { resourceVersion: '8' }, status }, path));
    });

    it('leaves a status that somebody else has written to whoever called', async () => {
      const newer = { ...current, status: { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } } };
      answers = [failure(409, 'Conflict'), newer];
      await expect(writer.patchStatus(INGRESSES, current, status)).rejects.toMatchObject({ status: 409 });
    });

    it('resolves to false when the object is gone', async () => {
      answers = [failure(404)];
      expect(await writer.patchStatus(INGRESSES, current, status)).toBe(false);
    });

    it('throws what is no conflict', async () => {
      answers = [failure(422, 'Invalid')];
      await expect(writer.patchStatus(INGRESSES, current, status)).rejects.toMatchObject({ status: 422 });
    });
  });

  it('writes no Events where they are turned off', async () => {
    const silent = createKubernetesWriter(transport, { component: 'kuryr-l7', events: false, clock: new FakeClock() });
    silent.event(SERVICES, service('7'), { type: 'Normal', reason: 'Routed', action: 'Routing', note: 'x' });
    await silent.close();
    expect(sent()).toEqual([]);
  });
});
