import { describe, expect, it } from '@jest/globals';
import { CatalogError } from '../errors/catalog-error.js';
import { type CatalogService, type EndpointSelection, selectEndpoint } from './service-catalog.js';

const catalog: readonly CatalogService[] = [
  { type: 'identity', endpoints: [] },
  {
    type: 'load-balancer',
    endpoints: [
      { interface: 'public', region: 'RegionOne', url: 'https://one/lb' },
      { interface: 'internal', region: 'RegionOne', url: 'http://one/lb' },
      { interface: 'public', region: 'RegionTwo', url: 'https://two/lb' },
    ],
  },
  { type: 'network', endpoints: [{ interface: 'public', region: 'RegionOne', url: 'https://one/net' }] },
];

function select(selection: Partial<EndpointSelection>): string {
  return selectEndpoint(catalog, {
    service: 'load-balancer',
    region: undefined,
    endpointInterface: 'public',
    origin: '[neutron]',
    ...selection,
  });
}

describe('the catalog', () => {
  it('gives the endpoint of a service by region and interface', () => {
    expect(select({ region: 'RegionTwo' })).toBe('https://two/lb');
    expect(select({ region: 'RegionOne', endpointInterface: 'internal' })).toBe('http://one/lb');
  });

  it('needs no region where there is one', () => {
    expect(select({ service: 'network' })).toBe('https://one/net');
    expect(select({ endpointInterface: 'internal' })).toBe('http://one/lb');
  });

  it.each<[string, Partial<EndpointSelection>]>([
    [
      'the catalog of this project has no key-manager service (Barbican); it has identity, load-balancer, network: have an administrator register it, or set key_manager_endpoint_override in [neutron]',
      { service: 'key-manager' },
    ],
    [
      'the catalog has no load-balancer service (Octavia) in region Regoin; it is in RegionOne, RegionTwo: correct region_name in [neutron]',
      { region: 'Regoin' },
    ],
    [
      'the catalog has no admin endpoint of the load-balancer service (Octavia); it has internal, public: correct endpoint_type in [neutron]',
      { endpointInterface: 'admin' },
    ],
    [
      'the catalog has the load-balancer service (Octavia) in several regions, RegionOne, RegionTwo: choose one by region_name in [neutron]',
      {},
    ],
  ])('says what is missing: %s', (message, selection) => {
    expect(() => select(selection)).toThrow(CatalogError);
    expect(() => select(selection)).toThrow(message);
  });
});
