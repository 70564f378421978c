import { describe, expect, it, jest } from '@jest/globals';
import { ImmutableError, NotFoundError, type OctaviaClient, type ProvisioningStatus } from '@kuryr-l7/openstack';
import { CleanupLocks } from './cleanup-locks.js';

const ANSWER = { fault: '', type: '' };

/** Octavia with one load balancer, which has these states one after the other; the last one stays. */
function locksOf(states: readonly (ProvisioningStatus | 'gone')[], looks = 5) {
  let look = 0;
  const get = async () => {
    const status = states[Math.min(look, states.length - 1)];
    look += 1;
    if (status === 'gone') throw new NotFoundError('no such load balancer', { ...ANSWER, status: 404 });
    return { provisioning_status: status };
  };
  const loadBalancers = { get, delete: async () => undefined };
  const octavia = { loadBalancers } as unknown as OctaviaClient;
  const { signal } = new AbortController();
  const pause = jest.fn(async () => undefined);
  return { locks: new CleanupLocks(octavia, { signal, pause, looks }), pause };
}

const immutable = async (): Promise<void> => {
  throw new ImmutableError('Load Balancer lb is immutable', { ...ANSWER, status: 409 });
};

describe('a load balancer that is cleaned up', () => {
  it('that stays PENDING is given up for all that is on it', async () => {
    const { locks, pause } = locksOf(['PENDING_UPDATE']);
    const send = jest.fn(async () => undefined);
    expect(await locks.change('lb', send)).toMatch(
      /^load balancer lb stays PENDING: an administrator .* --loadbalancer lb"\)$/,
    );
    expect(await locks.change('lb', send)).toMatch(/stays PENDING/);
    expect([send.mock.calls.length, pause.mock.calls.length]).toEqual([0, 5]);
  });

  it('in ERROR is asked once, as some changes are possible then, and given up', async () => {
    const { locks } = locksOf(['ERROR']);
    const send = jest.fn(immutable);
    expect(await locks.change('lb', send)).toMatch(/^load balancer lb is in ERROR, .*openstack loadbalancer failover/);
    expect(await locks.change('lb', send)).toMatch(/is in ERROR/);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('that others change again and again is given up', async () => {
    const { locks } = locksOf(['ACTIVE']);
    expect(await locks.change('lb', immutable)).toBe(
      'load balancer lb is being changed all the time: stop the controller',
    );
  });

  it('that Octavia can not delete is left, and one that is gone is not', async () => {
    expect(await locksOf(['ACTIVE', 'PENDING_DELETE', 'ERROR']).locks.delete('lb')).toMatch(
      /could not be deleted .* ERROR/,
    );
    expect(await locksOf(['ERROR', 'PENDING_DELETE', 'gone']).locks.delete('lb')).toBeUndefined();
    expect(await locksOf(['gone']).locks.delete('lb')).toBeUndefined();
  });
});
