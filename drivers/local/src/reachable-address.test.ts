import { isIPv4 } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { reachableAddress } from './reachable-address.js';

describe('where clients reach the router', () => {
  it('is what is configured, as an address or as a host name', () => {
    expect(reachableAddress('192.0.2.1', '127.0.0.1')).toEqual({ ip: '192.0.2.1' });
    expect(reachableAddress('2001:db8::1', '127.0.0.1')).toEqual({ ip: '2001:db8::1' });
    expect(reachableAddress('www.example.com', '127.0.0.1')).toEqual({ hostname: 'www.example.com' });
  });

  it('is the address listened on, or one of the machine where that is all of them', () => {
    expect(reachableAddress(undefined, '127.0.0.2')).toEqual({ ip: '127.0.0.2' });
    const everywhere = reachableAddress(undefined, '0.0.0.0');
    expect('ip' in everywhere && isIPv4(everywhere.ip) && everywhere.ip !== '0.0.0.0').toBe(true);
  });
});
