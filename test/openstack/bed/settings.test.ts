import { expect, it } from '@jest/globals';
import { endpointsOf, portsOf, rangesOf } from './settings.js';

const slots = Array.from({ length: 16 }, (_, slot) => ({ slot, password: 'secret' }));

it('gives no two beds of a machine the same port', () => {
  const ports = slots.flatMap((settings) => Object.values(portsOf(settings)));
  expect(new Set(ports).size).toBe(ports.length);
});

it('gives no two beds of a machine the same addresses', () => {
  const ranges = slots.map((settings) => rangesOf(settings).vips.cidr);
  expect(ranges.slice(0, 2)).toEqual(['127.100.0.0/20', '127.100.16.0/20']);
  expect(ranges.at(-1)).toBe('127.100.240.0/20');
});

it('tells the URLs of the first bed', () => {
  expect(endpointsOf({ slot: 0, password: 'secret' })).toEqual({
    identity: 'http://127.0.0.1:19600/v3',
    network: 'http://127.0.0.1:19601',
    keyManager: 'http://127.0.0.1:19602',
    loadBalancer: 'http://127.0.0.1:19603',
  });
});
