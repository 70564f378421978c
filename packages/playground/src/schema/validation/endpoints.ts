import { isIP } from 'node:net';
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems, portNumberProblems } from '../../name-rules.js';
import type { Causes } from '../causes.js';
import { type JsonObject, numberAt, objectsAt, stringAt, stringsAt } from '../json.js';
import { IP_TEXT } from './ingress.js';
import { PROTOCOLS } from './service.js';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAXIMUM = { endpoints: 1000, addresses: 100, ports: 20_000 };

/** As k8s.io/kubernetes, pkg/apis/discovery/validation. */
export function validateEndpointSlice(causes: Causes, slice: JsonObject, old: JsonObject | undefined): void {
  const addressType = stringAt(slice, 'addressType') ?? '';
  if (addressType === '') causes.required('addressType');
  else if (!ADDRESS_TYPES.includes(addressType)) causes.notSupported('addressType', addressType, ADDRESS_TYPES);
  if (old !== undefined && stringAt(old, 'addressType') !== addressType) {
    causes.invalid('addressType', addressType, 'field is immutable');
  }
  const endpoints = objectsAt(slice, 'endpoints');
  if (endpoints.length > MAXIMUM.endpoints) causes.tooMany('endpoints', endpoints.length, MAXIMUM.endpoints);
  else {
    endpoints.forEach((endpoint, index) => {
      validateEndpoint(causes, `endpoints[${index}]`, endpoint, addressType);
    });
  }
  validateSlicePorts(causes, objectsAt(slice, 'ports'));
}

function validateEndpoint(causes: Causes, field: string, endpoint: JsonObject, addressType: string): void {
  const addresses = stringsAt(endpoint, 'addresses');
  if (addresses.length === 0) causes.required(`${field}.addresses`, 'must contain at least 1 address');
  else if (addresses.length > MAXIMUM.addresses) {
    causes.tooMany(`${field}.addresses`, addresses.length, MAXIMUM.addresses);
  }
  addresses.forEach((address, index) => {
    validateAddress(causes, `${field}.addresses[${index}]`, address, addressType);
  });
  const hostname = stringAt(endpoint, 'hostname');
  if (hostname !== undefined) causes.invalidEach(`${field}.hostname`, hostname, dnsLabelProblems(hostname));
}

function validateAddress(causes: Causes, field: string, address: string, addressType: string): void {
  if (addressType === 'FQDN') {
    const name = address.replace(/\.$/, '');
    causes.invalidEach(field, address, dnsSubdomainProblems(name));
    if (!name.includes('.')) {
      causes.invalid(field, address, 'should be a domain with at least two segments separated by dots');
    }
    return;
  }
  const family = addressType === 'IPv6' ? 6 : 4;
  if (isIP(address) !== family) causes.invalid(field, address, `must be a valid IPv${family} address`);
  else validateOrdinaryAddress(causes, field, address);
}

/**
 * The real server refuses loopback addresses here, because on a node they would lead a proxy to the node itself. The
 * playground's Pods are servers in this very process and have no other address than 127.0.0.0/8 (and ::1), so these are allowed.
 */
function validateOrdinaryAddress(causes: Causes, field: string, address: string): void {
  if (address === '0.0.0.0' || address === '::')
    causes.invalid(field, address, 'may not be unspecified (0.0.0.0 or ::)');
  if (/^169\.254\.|^fe[89ab]/i.test(address)) {
    causes.invalid(field, address, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  }
  if (/^224\.0\.0\.|^ff02:/i.test(address)) {
    causes.invalid(field, address, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  }
}

function validateSlicePorts(causes: Causes, ports: readonly JsonObject[]): void {
  if (ports.length > MAXIMUM.ports) {
    causes.tooMany('ports', ports.length, MAXIMUM.ports);
    return;
  }
  const names = new Set<string>();
  ports.forEach((port, index) => {
    const field = `ports[${index}]`;
    const name = stringAt(port, 'name') ?? '';
    if (name !== '') causes.invalidEach(`${field}.name`, name, dnsLabelProblems(name));
    if (names.has(name)) causes.duplicate(`${field}.name`, name);
    names.add(name);
    const number = numberAt(port, 'port');
    if (number !== undefined) causes.invalidEach(`${field}.port`, number, portNumberProblems(number));
    validateProtocol(causes, field, port);
    const application = stringAt(port, 'appProtocol');
    if (application !== undefined) {
      causes.invalidEach(`${field}.appProtocol`, application, labelKeyProblems(application));
    }
  });
}

/** As k8s.io/kubernetes, pkg/apis/core/validation, ValidateEndpoints. */
export function validateEndpoints(causes: Causes, endpoints: JsonObject): void {
  objectsAt(endpoints, 'subsets').forEach((subset, index) => {
    const field = `subsets[${index}]`;
    const lists = ['addresses', 'notReadyAddresses'];
    if (lists.every((list) => objectsAt(subset, list).length === 0)) {
      causes.required(field, 'must specify `addresses` or `notReadyAddresses`');
    }
    for (const list of lists) {
      objectsAt(subset, list).forEach((address, place) => {
        validateEndpointAddress(causes, `${field}.${list}[${place}]`, address);
      });
    }
    const ports = objectsAt(subset, 'ports');
    ports.forEach((port, place) => {
      validateEndpointPort(causes, `${field}.ports[${place}]`, port, ports.length > 1);
    });
  });
}

function validateEndpointAddress(causes: Causes, field: string, address: JsonObject): void {
  const ip = stringAt(address, 'ip') ?? '';
  if (isIP(ip) === 0) causes.invalid(`${field}.ip`, ip, IP_TEXT);
  else validateOrdinaryAddress(causes, `${field}.ip`, ip);
  const hostname = stringAt(address, 'hostname') ?? '';
  if (hostname !== '') causes.invalidEach(`${field}.hostname`, hostname, dnsLabelProblems(hostname));
}

function validateEndpointPort(causes: Causes, field: string, port: JsonObject, several: boolean): void {
  const name = stringAt(port, 'name') ?? '';
  if (several && name === '') causes.required(`${field}.name`);
  else if (name !== '') causes.invalidEach(`${field}.name`, name, dnsLabelProblems(name));
  const number = numberAt(port, 'port') ?? 0;
  causes.invalidEach(`${field}.port`, number, portNumberProblems(number));
  validateProtocol(causes, field, port);
}

function validateProtocol(causes: Causes, field: string, port: JsonObject): void {
  const protocol = stringAt(port, 'protocol') ?? '';
  if (protocol === '') causes.required(`${field}.protocol`);
  else if (!PROTOCOLS.includes(protocol)) causes.notSupported(`${field}.protocol`, protocol, PROTOCOLS);
}
