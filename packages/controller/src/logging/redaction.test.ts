import { describe, expect, it } from '@jest/globals';
import { redacted, redactedText } from './redaction.js';

describe('fields', () => {
  it.each([
    ['token'],
    ['accessToken'],
    ['access_token'],
    ['X-Auth-Token'],
    ['password'],
    ['PASSWORD'],
    ['dbPasswd'],
    ['secret'],
    ['application_credential_secret'],
    ['Authorization'],
    ['key'],
    ['privateKey'],
    ['api-keys'],
    ['cookie'],
  ])('named %s are not shown', (name) => {
    expect(redacted({ [name]: 's3cret' })).toEqual({ [name]: '***' });
    expect(redacted({ [name]: { nested: ['s3cret'] } })).toEqual({ [name]: '***' });
  });

  it.each([['tokenFile'], ['secretName'], ['keys_total'], ['monkey'], ['namespace'], ['message'], ['level']])(
    'named %s are shown',
    (name) => {
      expect(redacted({ [name]: 'shown' })).toEqual({ [name]: 'shown' });
    },
  );

  it('are searched at any depth', () => {
    const headers = new Map([
      ['authorization', 's3cret'],
      ['accept', '*/*'],
    ]);
    expect(redacted({ request: [{ headers, user: { password: 's3cret', name: 'kuryr' } }] })).toEqual({
      request: [{ headers: { authorization: '***', accept: '*/*' }, user: { password: '***', name: 'kuryr' } }],
    });
  });

  it('that contain themselves end there, and those that appear twice are shown twice', () => {
    const shared = { a: 1 };
    const loop: { first: object; second: object; self?: object } = { first: shared, second: shared };
    loop.self = loop;
    expect(redacted(loop)).toEqual({ first: { a: 1 }, second: { a: 1 }, self: '[circular]' });
  });

  it('are cut where they are absurdly deep', () => {
    const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => ({ inner }), 1);
    expect(JSON.stringify(redacted(deep))).toContain('"[…]"');
  });

  it('become values that JSON can carry', () => {
    const value = {
      big: 10n,
      nan: Number.NaN,
      date: new Date(0),
      never: new Date(Number.NaN),
      set: new Set([1, 'a']),
      url: new URL('https://user:s3cret@example.org/x'),
      pattern: /a+/,
      bytes: Buffer.from('s3cret'),
      call: redacted,
      nothing: null,
      left: undefined,
    };
    expect(redacted(value)).toEqual({
      big: '10',
      nan: 'NaN',
      date: '1970-01-01T00:00:00.000Z',
      never: 'Invalid Date',
      set: [1, 'a'],
      url: 'https://***@example.org/x',
      pattern: '/a+/',
      bytes: '[6 bytes]',
      call: '[function redacted]',
      nothing: null,
      left: undefined,
    });
  });
});

it('shows of an error its name, code, message, stack and cause, not what hangs on it', () => {
  const cause = new TypeError('Authorization: Bearer s3cret was refused');
  const error = Object.assign(new Error('GET https://kuryr:s3cret@keystone failed', { cause }), {
    code: 'ERR_HTTP',
    options: { headers: { token: 's3cret' } },
  });
  const shown = redacted({ error });
  expect(shown).toMatchObject({
    error: {
      name: 'Error',
      code: 'ERR_HTTP',
      message: 'GET https://***@keystone failed',
      cause: { name: 'TypeError', message: 'Authorization: *** was refused' },
    },
  });
  expect(JSON.stringify(shown)).not.toContain('s3cret');
  expect(JSON.stringify(shown)).not.toContain('options');
  expect(JSON.stringify(shown)).toContain('redaction.test');
});

describe('text', () => {
  it.each([
    ['sent Bearer s3cret-x.y_z= to', 'sent Bearer *** to'],
    ['basic a3VyeXI6cw==', 'basic ***'],
    ['{"X-Auth-Token": "s3cret", "a": 1}', '{"X-Auth-Token": "***", "a": 1}'],
    ['authorization: Basic a3VyeXI6cw==, accept: x', 'authorization: ***, accept: x'],
    ['https://user:s3cret@example.org/a@b', 'https://***@example.org/a@b'],
  ])('%j loses its credentials', (text, expected) => {
    expect(redactedText(text)).toBe(expected);
  });

  it.each([['https://example.org/a@b'], ['a basic'], ['user@example.org'], ['the token of token_file']])(
    '%j stays',
    (text) => {
      expect(redactedText(text)).toBe(text);
    },
  );
});
