import { expect, it } from '@jest/globals';
import type { LBaaSPubIp } from '@kuryr-l7/kuryr-objects';
import type { LoadBalancerReport, ServicePublicIpDriver } from '@kuryr-l7/plugin';
import { PublicAddresses, type PublicAddressRequest } from './public-addresses.js';

const SIGNAL = new AbortController().signal;
const INFO: LBaaSPubIp = { ip_id: 'one', ip_addr: '203.0.113.7', alloc_method: 'pool' };

it.each([
  ['stay where no network of floating IPs is configured any more', true, ['associate new-port']],
  ['are let go where the Service wants none', false, ['disassociate', 'release']],
])('%s', async (_name, keepsPublicAddress, expected) => {
  const done: string[] = [];
  const driver: Partial<ServicePublicIpDriver> = {
    servicePubIps: async () => [INFO],
    associatePubIp: async (_info, portId) => void done.push(`associate ${portId}`),
    disassociatePubIp: async () => void done.push('disassociate'),
    releasePubIp: async () => void done.push('release'),
  };
  const addresses = new PublicAddresses(driver as ServicePublicIpDriver);
  const asked = {
    service: { metadata: { namespace: 'shop', name: 'web' } },
    projectId: 'p',
    publicAddress: undefined,
    keepsPublicAddress,
    report: { vipPortId: 'new-port', writes: 0 } as LoadBalancerReport,
  };
  expect(await addresses.ensure('shop/web', asked, SIGNAL)).toEqual(keepsPublicAddress ? INFO : undefined);
  expect(done).toEqual(expected);
  expect(addresses.problems('shop/web', undefined)).toMatchObject(
    keepsPublicAddress
      ? [{ reason: 'FloatingIpKept', message: expect.stringMatching(/203\.0\.113\.7.*internal/) }]
      : [],
  );
});

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
      keepsPublicAddress: true,
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
