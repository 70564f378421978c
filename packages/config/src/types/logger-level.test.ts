import { expect, it } from '@jest/globals';
import { loggerLevel } from './logger-level.js';

it.each([
  ['kuryr.kube=DEBUG', { logger: 'kuryr.kube', level: 'debug' }],
  [' amqp = WARN ', { logger: 'amqp', level: 'warn' }],
  ['a=WARNING', { logger: 'a', level: 'warn' }],
  ['a=CRITICAL', { logger: 'a', level: 'error' }],
])('reads %j', (text, value) => {
  expect(loggerLevel().parse(text)).toEqual(value);
});

it.each([[''], ['kuryr'], ['=DEBUG'], ['kuryr=debug'], ['kuryr=LOUD']])('refuses %j and tells the levels', (text) => {
  expect(() => loggerLevel().parse(text)).toThrow(
    `'${text}' is not logger=LEVEL with one of the levels DEBUG, INFO, WARN, WARNING, ERROR, CRITICAL`,
  );
});

it('is written as it is read', () => {
  expect(loggerLevel().format({ logger: 'a.b', level: 'info' })).toBe('a.b=INFO');
});
