import { type JsonObject, numberAt, objectAt, objectsAt, stringAt, stringsAt } from '../json.js';
import { AGE, type Column, NAME, printLabels, printSome, text, wide } from './column.js';

export const SERVICE_COLUMNS: readonly Column[] = [
  NAME,
  text('Type', 'How the Service is reached.', (object) => stringAt(objectAt(object, 'spec'), 'type') ?? ''),
  text('Cluster-IP', 'Address within the cluster.', (object) => {
    return stringAt(objectAt(object, 'spec'), 'clusterIP') || '<none>';
  }),
  text('External-IP', 'Addresses from outside the cluster.', externalAddress),
  text('Port(s)', 'Ports, with the node ports after a colon.', servicePorts),
  AGE,
  wide('Selector', 'Labels of the Pods behind the Service.', (object) =>
    printLabels(objectAt(objectAt(object, 'spec'), 'selector')),
  ),
];

function externalAddress(service: JsonObject): string {
  const spec = objectAt(service, 'spec');
  const addresses = stringsAt(spec, 'externalIPs');
  switch (stringAt(spec, 'type')) {
    case 'ExternalName':
      return stringAt(spec, 'externalName') ?? '';
    case 'LoadBalancer': {
      const all = [loadBalancerAddress(service), ...addresses].filter((address) => address !== '');
      return all.length === 0 ? '<pending>' : all.join(',');
    }
    default:
      return addresses.length === 0 ? '<none>' : addresses.join(',');
  }
}

function servicePorts(service: JsonObject): string {
  const ports = objectsAt(objectAt(service, 'spec'), 'ports').map((port) => {
    const nodePort = numberAt(port, 'nodePort') ?? 0;
    const number = numberAt(port, 'port') ?? 0;
    return `${number}${nodePort === 0 ? '' : `:${nodePort}`}/${stringAt(port, 'protocol') ?? 'TCP'}`;
  });
  return ports.length === 0 ? '<none>' : ports.join(',');
}

export const INGRESS_COLUMNS: readonly Column[] = [
  NAME,
  text('Class', 'IngressClass that serves the Ingress.', (object) => {
    return stringAt(objectAt(object, 'spec'), 'ingressClassName') ?? '<none>';
  }),
  text('Hosts', 'Hosts that requests are matched against.', ingressHosts),
  text('Address', 'Where the load balancer is reached.', loadBalancerAddress),
  text('Ports', 'Ports of the load balancer.', (object) => {
    return objectsAt(objectAt(object, 'spec'), 'tls').length === 0 ? '80' : '80, 443';
  }),
  AGE,
];

function ingressHosts(ingress: JsonObject): string {
  const hosts = objectsAt(objectAt(ingress, 'spec'), 'rules').flatMap((rule) => stringAt(rule, 'host') || []);
  return hosts.length === 0 ? '*' : printSome(hosts);
}

function loadBalancerAddress(object: JsonObject): string {
  const points = objectsAt(objectAt(objectAt(object, 'status'), 'loadBalancer'), 'ingress');
  const addresses = points.flatMap((point) => stringAt(point, 'ip') || stringAt(point, 'hostname') || []);
  return [...new Set(addresses)].sort().join(',');
}

export const INGRESS_CLASS_COLUMNS: readonly Column[] = [
  NAME,
  text('Controller', 'Controller that serves the class.', (object) => {
    return stringAt(objectAt(object, 'spec'), 'controller') ?? '';
  }),
  text('Parameters', 'Object with settings for the controller.', classParameters),
  AGE,
];

function classParameters(ingressClass: JsonObject): string {
  const parameters = objectAt(objectAt(ingressClass, 'spec'), 'parameters');
  const name = stringAt(parameters, 'name');
  if (name === undefined) return '<none>';
  const group = stringAt(parameters, 'apiGroup');
  return `${stringAt(parameters, 'kind')}${group === undefined ? '' : `.${group}`}/${name}`;
}

export const ENDPOINTS_COLUMNS: readonly Column[] = [
  NAME,
  text('Endpoints', 'Addresses and ports of the Pods that are ready.', endpoints),
  AGE,
];

function endpoints(object: JsonObject): string {
  const all = objectsAt(object, 'subsets').flatMap((subset) => {
    const addresses = objectsAt(subset, 'addresses').flatMap((address) => stringAt(address, 'ip') ?? []);
    const ports = objectsAt(subset, 'ports').flatMap((port) => numberAt(port, 'port') ?? []);
    return ports.length === 0
      ? addresses
      : ports.flatMap((port) => addresses.map((address) => joinHostPort(address, port)));
  });
  return all.length === 0 ? '<none>' : printSome(all);
}

function joinHostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export const ENDPOINT_SLICE_COLUMNS: readonly Column[] = [
  NAME,
  text('AddressType', 'Family of the addresses.', (object) => stringAt(object, 'addressType') ?? ''),
  text('Ports', 'Ports of the endpoints.', (object) => {
    const ports = objectsAt(object, 'ports').map((port) => String(numberAt(port, 'port') ?? '*'));
    return ports.length === 0 ? '<unset>' : printSome(ports);
  }),
  text('Endpoints', 'Addresses of the endpoints.', (object) => {
    const addresses = objectsAt(object, 'endpoints').flatMap((endpoint) => stringsAt(endpoint, 'addresses'));
    return addresses.length === 0 ? '<unset>' : printSome(addresses);
  }),
  AGE,
];
