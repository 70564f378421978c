import { expect, it } from '@jest/globals';
import { url } from './url.js';

it.each([['https://10.0.0.10:6443'], ['http://[::1]:8080/base']])('reads %s as it is', (text) => {
  expect(url().parse(text)).toBe(text);
});

it.each([[''], ['10.0.0.10:6443'], ['ftp://example.org'], ['https://'], ['https://a b']])('refuses %j', (text) => {
  expect(() => url().parse(text)).toThrow(`'${text}' is not a URL that begins with http:// or https://`);
});

it('does not show a password in the URL that it refuses', () => {
  expect(() => url(['https']).parse('http://user:s3cret@example.org')).toThrow("'http://***@example.org' is not a URL");
});
