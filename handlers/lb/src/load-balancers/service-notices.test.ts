import { beforeEach, describe, expect, it } from '@jest/globals';
import { type EventNote, KubernetesApiError, type KubernetesWriter, type Logger, SILENT_LOGGER } from '@kuryr-l7/kube';
import { NotReadyError } from '@kuryr-l7/plugin';
import type { Problem } from '@kuryr-l7/service-load-balancer';
import { ServiceNotices } from './service-notices.js';

const KEY = 'shop/web';
const SERVICE = { metadata: { namespace: 'shop', name: 'web' } };
const PROBLEM: Problem = { reason: 'InvalidAnnotation', field: 'metadata', message: 'no' };

let events: EventNote[];
let notices: ServiceNotices;
let lines: string[];

beforeEach(() => {
  events = [];
  const kubernetes: Partial<KubernetesWriter> = { event: (_kind, _object, note) => void events.push(note) };
  const record = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const logger: Logger = { ...SILENT_LOGGER, info: record('info'), warn: record('warn') };
  lines = [];
  notices = new ServiceNotices(kubernetes as KubernetesWriter, logger);
});

const reasons = () => events.map(({ reason }) => reason);
const conflict = new KubernetesApiError('PATCH: 409 Conflict', { status: 409, reason: 'Conflict' });

describe('a Service whose load balancer could not be ensured', () => {
  it.each([
    ['a conflict with another writer', conflict],
    ['a wait for something that is not there yet', new NotReadyError('the namespace has no subnet yet')],
  ])('is told nothing of %s, unless that does not pass', (_name, error) => {
    notices.failed(KEY, SERVICE, error, 32_000);
    expect(events).toEqual([]);
    notices.failed(KEY, SERVICE, error, 64_000);
    expect(reasons()).toEqual(['KuryrEnsureLBError']);
  });

  it('is told of any other reason at once', () => {
    notices.failed(KEY, SERVICE, new Error('Octavia refuses it'), 1_000);
    expect(events).toEqual([expect.objectContaining({ reason: 'KuryrEnsureLBError', note: 'Octavia refuses it' })]);
  });

  it('is logged once, however often it is tried, and when it is well again', () => {
    for (const retryIn of [900, 1_800, 3_500]) notices.failed(KEY, SERVICE, new Error('no such floating IP'), retryIn);
    notices.succeeded(KEY);
    notices.succeeded(KEY);
    expect(lines).toEqual([
      'warn load balancer of Service shop/web: no such floating IP; tried again in 0.9 s',
      'info load balancer of Service shop/web: all is well again',
    ]);
    expect(reasons()).toEqual(Array(3).fill('KuryrEnsureLBError'));
  });

  it('is not told how the controller logs in to the cloud, which its user can not mend', () => {
    const refused = Object.assign(new Error('Keystone lets nobody in'), { code: 'ERR_OPENSTACK_UNAUTHORIZED' });
    notices.failed(KEY, SERVICE, refused, 1_000);
    expect(events).toMatchObject([{ note: expect.stringMatching(/^the controller can't use OpenStack \(ERR_/) }]);
    expect(lines).toEqual([expect.stringContaining('Keystone lets nobody in')]);
  });

  it('that is gone is told nothing', () => {
    notices.failed(KEY, undefined, new Error('Octavia refuses it'), 1_000);
    expect(events).toEqual([]);
  });
});

describe('problems of a Service', () => {
  it('are told once, of what it asks for and of what it has for themselves, and again when they come back', () => {
    const there: Problem = { ...PROBLEM, reason: 'LoadBalancerPlaceFixed' };
    for (let round = 0; round < 3; round += 1) {
      notices.problems(KEY, SERVICE, 'asked', [PROBLEM]);
      notices.problems(KEY, SERVICE, 'there', [there]);
    }
    expect(reasons()).toEqual(['InvalidAnnotation', 'LoadBalancerPlaceFixed']);
    notices.problems(KEY, SERVICE, 'asked', []);
    notices.problems(KEY, SERVICE, 'asked', [PROBLEM]);
    expect(reasons()).toHaveLength(3);
    notices.forget(KEY);
    notices.problems(KEY, SERVICE, 'asked', [PROBLEM]);
    notices.problems(KEY, SERVICE, 'there', [there]);
    expect(reasons()).toHaveLength(5);
  });
});
