import { describe, expect, it } from '@jest/globals';
import { KubernetesApiError } from './kubernetes-api-error.js';

const read = (status: number, body: unknown = {}, retryAfter?: string): KubernetesApiError =>
  KubernetesApiError.fromStatus('GET /api/v1/pods', status, body, retryAfter);

describe('KubernetesApiError', () => {
  it('says what the Status object says', () => {
    const error = read(409, { kind: 'Status', code: 409, reason: 'Conflict', message: 'the object has been modified' });
    expect(error).toMatchObject({ code: 'ERR_KUBERNETES_API', status: 409, reason: 'Conflict', isConflict: true });
    expect(error.message).toBe('GET /api/v1/pods: 409 Conflict the object has been modified');
  });

  it('quotes the beginning of a body that is no Status object', () => {
    expect(read(502, `<html>${'x'.repeat(1000)}`).message).toMatch(/^GET \/api\/v1\/pods: 502 "<html>x{194}"$/);
  });

  it.each([
    [401, true],
    [403, false],
    [404, false],
    [408, true],
    [409, false],
    [410, false],
    [422, false],
    [429, true],
    [500, true],
    [503, true],
  ])('calls %i retryable: %s', (status, retryable) => {
    expect(read(status).retryable).toBe(retryable);
  });

  it('reads Retry-After in seconds, as a date, and from the Status object', () => {
    expect(read(429, {}, '12').retryAfter).toBe(12);
    expect(read(429, {}, new Date(Date.now() + 60_000).toUTCString()).retryAfter).toBeGreaterThan(50);
    expect(read(429, {}, 'soon').retryAfter).toBeUndefined();
    expect(read(500, { details: { retryAfterSeconds: 3 } }).retryAfter).toBe(3);
  });

  it('tells a conflict from an object that exists', () => {
    expect(read(409, { reason: 'AlreadyExists' }).isConflict).toBe(false);
  });
});
