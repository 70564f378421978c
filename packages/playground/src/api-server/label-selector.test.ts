import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLabelSelector } from './label-selector.js';

describe('label selector', () => {
  it.each([
    ['', {}, true],
    ['app=web', { app: 'web' }, true],
    ['app=web', { app: 'api' }, false],
    ['app==web', { app: 'web' }, true],
    ['app!=web', { app: 'api' }, true],
    ['app!=web', {}, true],
    ['app!=web', { app: 'web' }, false],
    ['app=', { app: '' }, true],
    ['app=', { app: 'web' }, false],
    ['app', { app: '' }, true],
    ['app', {}, false],
    ['!app', {}, true],
    ['!app', { app: 'web' }, false],
    ['app in (web, api)', { app: 'api' }, true],
    ['app in (web,api)', { app: 'db' }, false],
    ['app in (web)', {}, false],
    ['app notin (web, api)', { app: 'db' }, true],
    ['app notin (web)', {}, true],
    ['app notin (web)', { app: 'web' }, false],
    ['example.com/tier in (a),app=web,!old', { 'example.com/tier': 'a', app: 'web' }, true],
    ['example.com/tier in (a),app=web,!old', { 'example.com/tier': 'a', app: 'web', old: '' }, false],
    ['weight>5', { weight: '6' }, true],
    ['weight>5', { weight: '5' }, false],
    ['weight<5', { weight: '4' }, true],
    ['weight<5', {}, false],
    [' app = web , tier ', { app: 'web', tier: 'x' }, true],
  ])('%j on %j is %s', (selector, labels, expected) => {
    expect(parseLabelSelector(selector)(labels)).toBe(expected);
  });

  it.each(['=web', 'app in web', 'app in (web', 'app,', 'app web', '!', 'app=web)', 'weight>x', ',', 'a=b=c'])(
    'refuses %j as a bad request',
    (selector) => {
      expect(() => parseLabelSelector(selector)).toThrow(/unable to parse requirement/);
    },
  );

  it('an `in` selects what the equalities of its values select together', () => {
    const word = fc.stringMatching(/^[a-z]{1,3}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.option(word), (values, value) => {
        const labels: Record<string, string> = value === null ? {} : { app: value };
        const together = values.some((one) => parseLabelSelector(`app=${one}`)(labels));
        expect(parseLabelSelector(`app in (${values.join(',')})`)(labels)).toBe(together);
        expect(parseLabelSelector(`app notin (${values.join(',')})`)(labels)).toBe(!together);
      }),
    );
  });
});
