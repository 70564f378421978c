import { expect, it } from '@jest/globals';
import { uuid } from './uuid.js';

it.each([['99f580e6-d894-442a-bc5f-4d14b41e10d2'], ['99F580E6D894442ABC5F4D14B41E10D2']])('reads %s', (text) => {
  expect(uuid().parse(text)).toBe(text);
});

it.each([[''], ['router'], ['99f580e6-d894-442a-bc5f-4d14b41e10d'], ['99f580e6-d894-442a-bc5f-4d14b41e10d2 ']])(
  'refuses %j',
  (text) => {
    expect(() => uuid().parse(text)).toThrow(`'${text}' is not a UUID such as`);
  },
);
