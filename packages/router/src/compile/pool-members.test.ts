import { describe, expect, it } from '@jest/globals';
import type { EndpointSlice } from '../kubernetes.js';
import { service } from './cluster.fixture.js';
import { poolMembers } from './pool-members.js';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

const WEB = service('shop/web');

function slice(endpoints: readonly Endpoint[], others: Partial<EndpointSlice> = {}): EndpointSlice {
  return {
    metadata: { namespace: 'shop', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints,
    ports: [{ port: 8080 }],
    ...others,
  };
}

function endpoint(address: string, conditions?: Endpoint['conditions']): Endpoint {
  return { addresses: [address], ...(conditions && { conditions }) };
}

function addresses(
  slices: readonly EndpointSlice[],
  port: { number: number; name?: string } = { number: 80 },
  family: 'IPv4' | 'IPv6' = 'IPv4',
) {
  return poolMembers(WEB, port, slices, family).map((member) => `${member.address} ${member.port}`);
}

describe('the members of a pool', () => {
  it('are the endpoints of all slices of the Service, once each, in order', () => {
    const slices = [
      slice([endpoint('10.0.0.2'), endpoint('10.0.0.1')]),
      slice([endpoint('10.0.0.2'), endpoint('10.0.0.3')]),
    ];
    expect(poolMembers(WEB, { number: 80 }, slices, 'IPv4')).toEqual(
      ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => ({ address, port: 8080, weight: 1, backup: false })),
    );
  });

  it('are not those of other Services or namespaces', () => {
    const others = [
      slice([endpoint('10.0.0.1')], {
        metadata: { namespace: 'shop', name: 'x', labels: { 'kubernetes.io/service-name': 'other' } },
      }),
      slice([endpoint('10.0.0.2')], {
        metadata: { namespace: 'blog', name: 'x', labels: { 'kubernetes.io/service-name': 'web' } },
      }),
      slice([endpoint('10.0.0.3')], { metadata: { namespace: 'shop', name: 'x' } }),
    ];
    expect(addresses(others)).toEqual([]);
  });

  it('have the port that their slice has under the name of the Service port', () => {
    const slices = [
      slice([endpoint('10.0.0.1')], {
        ports: [
          { name: 'http', port: 8080 },
          { name: 'admin', port: 9090 },
        ],
      }),
      slice([endpoint('10.0.0.2')], { ports: [{ name: 'http', port: 8081 }] }),
      slice([endpoint('10.0.0.3')], {
        ports: [{ name: 'http', port: 53, protocol: 'UDP' }, { name: 'http' }, { name: 'http', port: 0 }],
      }),
    ];
    expect(addresses(slices, { number: 80, name: 'http' })).toEqual(['10.0.0.1 8080', '10.0.0.2 8081']);
    expect(addresses(slices, { number: 81, name: 'admin' })).toEqual(['10.0.0.1 9090']);
    expect(addresses([slice([endpoint('10.0.0.4')], { ports: [{ name: '', port: 8080 }] })])).toEqual([
      '10.0.0.4 8080',
    ]);
  });

  it('are ready; where the slice does not say, they are', () => {
    const slices = [
      slice([endpoint('10.0.0.1', { ready: true }), endpoint('10.0.0.2', {}), endpoint('10.0.0.3', { ready: false })]),
    ];
    expect(addresses(slices)).toEqual(['10.0.0.1 8080', '10.0.0.2 8080']);
  });

  it('are those that leave and still serve, only where none is ready', () => {
    const leaving = endpoint('10.0.0.1', { ready: false, serving: true, terminating: true });
    const gone = endpoint('10.0.0.2', { ready: false, serving: false, terminating: true });
    const starting = endpoint('10.0.0.3', { ready: false, serving: true });
    const silent = endpoint('10.0.0.4', { ready: false, terminating: true });
    expect(addresses([slice([leaving, gone, starting, silent])])).toEqual(['10.0.0.1 8080']);
    expect(addresses([slice([leaving]), slice([endpoint('10.0.0.9')])])).toEqual(['10.0.0.9 8080']);
  });

  it('are ready where one of two slices says so', () => {
    expect(addresses([slice([endpoint('10.0.0.1', { ready: false })]), slice([endpoint('10.0.0.1')])])).toEqual([
      '10.0.0.1 8080',
    ]);
  });

  it('are of the preferred family, and of the other only where that has no endpoints at all', () => {
    const v6 = slice([endpoint('fd00::1')], { addressType: 'IPv6' });
    const v4 = slice([endpoint('10.0.0.1')]);
    const unready = slice([endpoint('10.0.0.1', { ready: false })]);
    expect(addresses([v4, v6])).toEqual(['10.0.0.1 8080']);
    expect(addresses([v4, v6], { number: 80 }, 'IPv6')).toEqual(['fd00::1 8080']);
    expect(addresses([v6])).toEqual(['fd00::1 8080']);
    expect(addresses([unready, v6])).toEqual([]);
  });

  it('are IP addresses, the first of each endpoint', () => {
    const strange = [
      endpoint('web.example.com'),
      endpoint('fe80::1%eth0'),
      { addresses: [] },
      { addresses: ['10.0.0.1', '10.0.0.2'] },
    ];
    expect(addresses([slice(strange)])).toEqual(['10.0.0.1 8080']);
    expect(addresses([slice([endpoint('10.0.0.1')], { addressType: 'FQDN' })])).toEqual([]);
  });

  it('are none where slices are not as the API promises', () => {
    const broken = [
      {},
      slice(7 as never),
      slice([null as never]),
      slice([endpoint('10.0.0.1')], { ports: [null as never] }),
    ];
    expect(addresses(broken as unknown as readonly EndpointSlice[])).toEqual([]);
  });
});
