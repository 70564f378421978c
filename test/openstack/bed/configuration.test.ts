import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { render, valuesOf } from './configuration.js';
import { SOURCE } from './folders.js';

it('puts values in the place of names, also beside another @', () => {
  const values = { password: 'secret', rabbitmqPort: '19604' };
  expect(render('rabbit://openstack:@password@@127.0.0.1:@rabbitmqPort@/', values)).toBe(
    'rabbit://openstack:secret@127.0.0.1:19604/',
  );
});

it('refuses a name that has no value', () => {
  expect(() => render('port = @wrong@', {})).toThrow('names @wrong@, which has no value');
});

it.each(readdirSync(join(SOURCE, 'etc')))('has a value for every name in %s', (name) => {
  const template = readFileSync(join(SOURCE, 'etc', name), 'utf8');
  expect(() => render(template, valuesOf({ slot: 0, password: 'secret' }))).not.toThrow();
});
