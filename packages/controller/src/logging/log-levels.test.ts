import { expect, it } from '@jest/globals';
import { LogLevels } from './log-levels.js';

const LEVELS = new LogLevels('info', [
  { logger: 'kuryr.kube', level: 'debug' },
  { logger: 'kuryr', level: 'warn' },
  { logger: 'kuryr.kube.quiet', level: 'error' },
]);

it.each([
  ['other', 'info', true],
  ['other', 'debug', false],
  ['kuryr', 'info', false],
  ['kuryr.writer', 'info', false],
  ['kuryr.writer', 'warn', true],
  ['kuryr.kube', 'debug', true],
  ['kuryr.kube.watch', 'debug', true],
  ['kuryr.kubelet', 'debug', false],
  ['kuryr.kube.quiet', 'warn', false],
  ['kuryr.kube.quiet', 'error', true],
  ['kuryrs', 'info', true],
] as const)('%s at level %s: %s', (name, level, enabled) => {
  expect(LEVELS.isEnabled(level, name)).toBe(enabled);
});
