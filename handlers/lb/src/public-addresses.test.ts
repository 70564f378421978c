import { expect, it } from '@jest/globals';
import type { LBaaSPubIp } from '@kuryr-l7/kuryr-objects';
import type { LoadBalancerReport, ServicePublicIpDriver } from '@kuryr-l7/plugin';
import { PublicAddresses, type PublicAddressRequest } from './public-addresses.js';

const SIGNAL = new AbortController().signal;
const INFO: LBaaSPubIp = { ip_id: 'one', ip_addr: '203.0.113.7', alloc_method: 'pool' };

it('are asked for anew after a failure, also where the Service asks for what it had before', async () => {
  const asked: string[] = [];
  const driver: Partial<ServicePublicIpDriver> = {
    acquireServicePubIpInfo: async ({ network = '' }) => {
      asked.push(network);
      if (network === 'broken') throw new Error('503');
      return INFO;
    },
    associatePubIp: async () => undefined,
  };
  const addresses = new PublicAddresses(driver as ServicePublicIpDriver);
  const ensure = (networkId: string) => {
    const report = { vipPortId: 'port', writes: 0 } as LoadBalancerReport;
    const service = { metadata: { namespace: 'shop', name: 'web' } };
    const request: PublicAddressRequest = {
      service,
      projectId: 'p',
      publicAddress: { networkId, keep: false },
      report,
    };
    return addresses.ensure('shop/web', request, SIGNAL);
  };
  expect(await ensure('good')).toEqual(INFO);
  expect(await ensure('good')).toEqual(INFO);
  await expect(ensure('broken')).rejects.toThrow('503');
  expect(await ensure('good')).toEqual(INFO);
  expect(asked).toEqual(['good', 'broken', 'good']);
});
