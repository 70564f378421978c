import { expect, it } from '@jest/globals';
import { strftime } from './strftime.js';

const MORNING = new Date(2026, 0, 5, 9, 3, 7);
const EVENING = new Date(2024, 11, 31, 21, 30, 59);

it.each([
  ['%Y-%m-%d %H:%M:%S', '2026-01-05 09:03:07', '2024-12-31 21:30:59'],
  ['%F %T', '2026-01-05 09:03:07', '2024-12-31 21:30:59'],
  ['%y %e %j', '26  5 005', '24 31 366'],
  ['%a %A %b %B', 'Mon Monday Jan January', 'Tue Tuesday Dec December'],
  ['%I %p', '09 AM', '09 PM'],
  ['100%% %Q %', '100% %Q %', '100% %Q %'],
])('writes %j', (format, morning, evening) => {
  expect([strftime(format, MORNING), strftime(format, EVENING)]).toEqual([morning, evening]);
});

it('writes midnight and noon as 12', () => {
  expect(strftime('%I %p', new Date(2026, 0, 5, 0))).toBe('12 AM');
  expect(strftime('%I %p', new Date(2026, 0, 5, 12))).toBe('12 PM');
});

it('writes seconds since the epoch, and the offset from UTC', () => {
  const date = new Date(2026, 0, 5);
  const at = (minutes: number) => Object.assign(new Date(date), { getTimezoneOffset: () => minutes });
  expect(strftime('%s', new Date(1_700_000_000_999))).toBe('1700000000');
  expect([strftime('%z', at(0)), strftime('%z', at(-330)), strftime('%z', at(210))]).toEqual([
    '+0000',
    '+0530',
    '-0330',
  ]);
});
