import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../json.js';
import { causesOf, definition } from './causes.fixture.js';

describe('an EndpointSlice', () => {
  const slice = definition('EndpointSlice');
  const withAddress = (...addresses: string[]): JsonObject => ({ addressType: 'IPv4', endpoints: [{ addresses }] });

  it('may have loopback addresses here: they are where the playground has its Pods', () => {
    expect(causesOf(slice, withAddress('127.0.0.1'))).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [withAddress('a'), 'endpoints[0].addresses[0]: Invalid value: "a": must be a valid IPv4 address'],
    [withAddress('::1'), 'endpoints[0].addresses[0]: Invalid value: "::1": must be a valid IPv4 address'],
    [
      withAddress('169.254.0.1'),
      'endpoints[0].addresses[0]: Invalid value: "169.254.0.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    ],
    [withAddress(), 'endpoints[0].addresses: Required value: must contain at least 1 address'],
    [{}, 'addressType: Required value'],
    [{ addressType: 'IP' }, 'addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"'],
    [{ addressType: 'IPv4', ports: [{ port: 1 }, { port: 2 }] }, 'ports[1].name: Duplicate value: ""'],
  ])('%j is refused', (object, cause) => {
    expect(causesOf(slice, object)).toEqual([cause]);
  });

  it('keeps its address type', () => {
    expect(causesOf(slice, { addressType: 'IPv6' }, { addressType: 'IPv4' })).toEqual([
      'addressType: Invalid value: "IPv6": field is immutable',
    ]);
  });
});
