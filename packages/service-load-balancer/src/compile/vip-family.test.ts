import { describe, expect, it } from '@jest/globals';
import { service, wanted } from '../cluster.fixture.js';

const IPV6 = { clusterIP: '2001:db8:1::7', ipFamilies: ['IPv6'] };
const VIP = '2001:db8:2::9';

describe('a VIP of IPv6', () => {
  it.each([
    ['of a Service of IPv6', service(IPV6), {}],
    ['of a dual-stack Service whose first family is IPv6', service({ ...IPV6, ipFamilies: ['IPv6', 'IPv4'] }), {}],
    ['in a subnet of IPv6', service(), { vipFamily: 'IPv6' as const }],
  ])('%s is its address, as Neutron has floating IPs of IPv4 only', (_name, one, settings) => {
    const compilation = wanted(one, {}, settings);
    expect(compilation.publicAddress).toBeUndefined();
    expect(compilation.problems).toEqual([]);
    const named = wanted({ ...one, spec: { ...one.spec, loadBalancerIP: VIP } }, {}, settings);
    expect([named.publicAddress, named.loadBalancer.vip.address]).toEqual([undefined, VIP]);
  });

  it('is none where the subnet of VIPs is of IPv4: then a Service of IPv6 has a floating IP, too', () => {
    expect(wanted(service(IPV6), {}, { vipFamily: 'IPv4' }).publicAddress).toMatchObject({ networkId: 'public' });
  });
});
