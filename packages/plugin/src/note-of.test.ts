import { describe, expect, it } from '@jest/globals';
import { noteOf } from './note-of.js';

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('what an Event says of a failure', () => {
  it('is its message', () => {
    expect(noteOf(coded('ERR_OPENSTACK_QUOTA', 'the quota of ports is used up'))).toBe('the quota of ports is used up');
    expect(noteOf(new Error('no', { cause: new Error('why') }))).toBe('no');
    expect(noteOf('thrown')).toBe('thrown');
  });

  it.each([
    'ERR_OPENSTACK_UNAUTHORIZED',
    'ERR_OPENSTACK_CONFIGURATION',
    'ERR_OPENSTACK_CATALOG',
    'ERR_OPENSTACK_CERTIFICATE',
    'ERR_OPENSTACK_CONNECTION',
    'ERR_OPENSTACK_NO_ANSWER',
  ])('tells users of the cluster neither address nor login of the cloud: %s', (code) => {
    const error = coded(code, 'Keystone at https://keystone.internal does not let credential 7f3a in');
    const note = `the controller can't use OpenStack (${code}): its operator finds the reason in its log`;
    expect(noteOf(error)).toBe(note);
    expect(noteOf(new Error(`look for load balancers: ${error.message}`, { cause: error }))).toBe(note);
  });
});
