import { expect, it } from '@jest/globals';
import { nearest } from './nearest.js';

const OPTIONS = ['debug', 'log_file', 'log_dir', 'l7_router_uuid', 'l7_router_driver', 'port'];

it.each([
  ['l7_router_uid', 'l7_router_uuid'],
  ['l7_ruoter_drvier', 'l7_router_driver'],
  ['log-file', 'log_file'],
  ['Debug', 'debug'],
  ['L7-ROUTER-UUID', 'l7_router_uuid'],
  ['prot', 'port'],
])('takes %j for %j', (name, expected) => {
  expect(nearest(name, OPTIONS)).toBe(expected);
});

it('takes the first of equally near ones', () => {
  expect(nearest('log_die', ['log_dir', 'log_dim'])).toBe('log_dir');
});

it.each([['pool'], ['log'], ['router'], ['ab']])('takes %j for none', (name) => {
  expect(nearest(name, OPTIONS)).toBeUndefined();
});
