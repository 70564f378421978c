import { expect, it } from '@jest/globals';
import { isSecret } from './secret.js';

it.each([['password'], ['application_credential_secret'], ['token'], ['bind_passwd']])(
  'takes %s for a secret',
  (name) => {
    expect(isSecret({ name })).toBe(true);
  },
);

it.each([['token_file'], ['ssl_client_key_file'], ['secret_name'], ['username']])(
  'does not take %s for a secret',
  (name) => {
    expect(isSecret({ name })).toBe(false);
  },
);

it('believes the mark of an option rather than its name', () => {
  expect(isSecret({ name: 'session', secret: true })).toBe(true);
  expect(isSecret({ name: 'token', secret: false })).toBe(false);
});
