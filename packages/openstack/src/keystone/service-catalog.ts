import type { AnswerReader } from '../answer/answer-reader.js';
import { CatalogError } from '../errors/catalog-error.js';
import type { EndpointInterface } from '../settings/cloud-settings.js';
import type { ServiceType } from './keystone-session.js';

interface CatalogEndpoint {
  readonly interface: string;
  readonly region: string;
  readonly url: string;
}

export interface CatalogService {
  readonly type: string;
  readonly endpoints: readonly CatalogEndpoint[];
}

export interface EndpointSelection {
  readonly service: ServiceType;
  readonly region: string | undefined;
  readonly endpointInterface: EndpointInterface;
  /** For people: where the region and the interface are chosen. */
  readonly origin: string;
}

const PRODUCTS: Readonly<Record<ServiceType, string>> = {
  'load-balancer': 'Octavia',
  network: 'Neutron',
  'key-manager': 'Barbican',
};

/** What people call a service. */
export function productOf(service: ServiceType): string {
  return PRODUCTS[service];
}

export function readCatalogService(answer: AnswerReader): CatalogService {
  return {
    type: answer.text('type'),
    endpoints: answer.list('endpoints', (endpoint) => ({
      interface: endpoint.text('interface'),
      region: endpoint.text('region_id') || endpoint.text('region'),
      url: endpoint.string('url'),
    })),
  };
}

/**
 * The address of a service, as the catalog has it.
 *
 * @throws CatalogError naming what is missing and what there is: service, region, interface; or that several regions have
 *   the service and none was chosen
 */
export function selectEndpoint(catalog: readonly CatalogService[], selection: EndpointSelection): string {
  const { service, region, endpointInterface, origin } = selection;
  const what = `${service} service (${productOf(service)})`;
  const endpoints = catalog.filter(({ type }) => type === service).flatMap((entry) => entry.endpoints);
  if (endpoints.length === 0) {
    throw new CatalogError(
      `the catalog of this project has no ${what}; it has ${listed(catalog.map(({ type }) => type))}: have an administrator register it, or set ${service.replace('-', '_')}_endpoint_override in ${origin}`,
    );
  }
  const inRegion = region === undefined ? endpoints : endpoints.filter((endpoint) => endpoint.region === region);
  if (inRegion.length === 0) {
    throw new CatalogError(
      `the catalog has no ${what} in region ${region}; it is in ${listed(endpoints.map((endpoint) => endpoint.region))}: correct region_name in ${origin}`,
    );
  }
  const chosen = inRegion.filter((endpoint) => endpoint.interface === endpointInterface);
  const regions = new Set(chosen.map((endpoint) => endpoint.region));
  if (regions.size > 1) {
    throw new CatalogError(
      `the catalog has the ${what} in several regions, ${listed([...regions])}: choose one by region_name in ${origin}`,
    );
  }
  const [endpoint] = chosen;
  if (endpoint === undefined) {
    throw new CatalogError(
      `the catalog has no ${endpointInterface} endpoint of the ${what}; it has ${listed(inRegion.map((other) => other.interface))}: correct endpoint_type in ${origin}`,
    );
  }
  return endpoint.url;
}

function listed(words: readonly string[]): string {
  return [...new Set(words)].sort().join(', ') || 'none';
}
