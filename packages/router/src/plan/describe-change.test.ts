import { describe, expect, it } from '@jest/globals';
import { FULL_CAPABILITIES } from '../capabilities.js';
import type { Change } from '../change.js';
import { OCTAVIA } from '../octavia.fixture.js';
import { countWrites } from './count-writes.js';
import { describeChange } from './describe-change.js';
import { HTTP, policy, SOURCE } from './router.fixture.js';

const listener = HTTP.key;
const create: Change = {
  type: 'createPolicy',
  listener,
  policy: policy('www.example.com|Prefix|/', 'default_deploy1'),
  position: 3,
};

describe('a change in one line', () => {
  it.each<[Change, string]>([
    [create, 'create l7policy www.example.com|Prefix|/ -> pool default_deploy1 at position 3 on HTTP:80'],
    [
      {
        type: 'updatePolicy',
        listener,
        policy: 'k',
        patch: { action: 'REJECT', enabled: false, source: SOURCE },
        position: 2,
      },
      'update l7policy k -> reject, disabled, for Ingress default/web at position 2 on HTTP:80',
    ],
    [
      {
        type: 'updatePolicy',
        listener,
        policy: 'k',
        patch: { action: 'REDIRECT_TO_URL', redirectUrl: 'https://x/', redirectHttpCode: 301 },
      },
      'update l7policy k -> redirect 301 to https://x/ on HTTP:80',
    ],
    [
      {
        type: 'deleteRule',
        listener,
        policy: 'k',
        rule: { type: 'HEADER', key: 'X-Canary', compareType: 'EQUAL_TO', value: 'yes', invert: true },
      },
      'delete l7rule HEADER X-Canary NOT EQUAL_TO yes of l7policy k on HTTP:80',
    ],
  ])('names the object, what becomes of it and where', (change, expected) => {
    expect(describeChange(change)).toBe(expected);
  });
});

describe('the number of writes', () => {
  it('is one for each change, or one in all where everything is exchanged at once', () => {
    expect(countWrites([create, create], OCTAVIA)).toBe(2);
    expect(countWrites([create, create], FULL_CAPABILITIES)).toBe(1);
    expect(countWrites([], FULL_CAPABILITIES)).toBe(0);
  });
});
