import { describe, expect, it } from '@jest/globals';
import { service, wanted } from '../cluster.fixture.js';
import { OCCM_PREFIX } from './annotation-table.js';

const IPV6 = { clusterIP: '2001:db8:1::7', ipFamilies: ['IPv6'] };
const VIP = '2001:db8:2::9';
const IN_SUBNET = { [`${OCCM_PREFIX}subnet-id`]: '373bfd12-6dd3-4f79-8af2-0ba77dba89cb' };

describe('a VIP of IPv6', () => {
  it.each([
    ['of a Service of IPv6', service(IPV6), {}],
    ['of a dual-stack Service whose first family is IPv6', service({ ...IPV6, ipFamilies: ['IPv6', 'IPv4'] }), {}],
    ['in a subnet of IPv6', service(), { vipFamily: 'IPv6' as const }],
    ['where an annotation names its place, and the address tells the family', service({}, IN_SUBNET), {}],
  ])(
    '%s is what loadBalancerIP names, and the one that it had before, as no floating IP is of IPv6',
    (_name, one, settings) => {
      const named = { ...one, spec: { ...one.spec, loadBalancerIP: VIP } };
      expect(wanted(named, {}, settings).loadBalancer.vip.address).toBe(VIP);
      const before = { ...one, status: { loadBalancer: { ingress: [{ ip: VIP }] } } };
      const compilation = wanted(before, {}, settings);
      expect(compilation.loadBalancer.vip.preferredAddress).toBe(VIP);
      expect(compilation.problems).toEqual([]);
    },
  );

  it('is none where the subnet of VIPs is of IPv4: there a Service of IPv6 names a floating IP', () => {
    const named = wanted(service({ ...IPV6, loadBalancerIP: '203.0.113.9' }), {}, { vipFamily: 'IPv4' });
    expect([named.publicAddress?.address, named.loadBalancer.vip.address]).toEqual(['203.0.113.9', undefined]);
  });

  it('is not taken for granted of a Service of IPv6 whose annotation names a place that may be of IPv4', () => {
    const ip = '203.0.113.9';
    const status = { loadBalancer: { ingress: [{ ip }] } };
    const ranges = { loadBalancerSourceRanges: ['192.0.2.0/24', '2001:db8::/64'] };
    const { loadBalancer } = wanted({ ...service({ ...IPV6, ...ranges }, IN_SUBNET), status }, {});
    expect(loadBalancer.vip.preferredAddress).toBeUndefined();
    expect(loadBalancer.listeners[0]?.settings.allowedCidrs).toEqual(['192.0.2.0/24']);
  });
});
