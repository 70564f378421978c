import { describe, expect, it } from '@jest/globals';
import { isCidr, networkOf } from './cidrs.js';

describe('a network in CIDR notation', () => {
  it.each([
    ['192.0.2.1/24', '192.0.2.0/24'],
    ['192.0.2.0/024', '192.0.2.0/24'],
    ['192.0.2.255/31', '192.0.2.254/31'],
    ['203.0.113.7/32', '203.0.113.7/32'],
    ['10.129.0.1/9', '10.128.0.0/9'],
    ['10.0.0.0/0', '0.0.0.0/0'],
    ['FD00:0:0:0::1/8', 'fd00::/8'],
    ['2001:DB8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
    ['2001:db8:0:1:ffff::/49', '2001:db8::/49'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::ffff:192.0.2.1/120', '::ffff:c000:200/120'],
    ['2001:db8::/0', '::/0'],
  ])('%s is %s in Octavia', (given, there) => {
    expect(isCidr(given)).toBe(true);
    expect(networkOf(given)).toBe(there);
    expect(networkOf(there)).toBe(there);
  });

  it.each(['192.0.2.0', '192.0.2.0/33', '192.0.2.0/24/1', 'fe80::1%eth0/64', '192.0.2/24', '::/129', 'web/24'])(
    '%s is none',
    (text) => {
      expect(isCidr(text)).toBe(false);
      expect(networkOf(text)).toBe(text);
    },
  );
});
