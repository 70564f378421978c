import type { ApiRequest } from '../http/exchange.js';
import type { RouteTable } from '../http/route-table.js';
import { chosen } from '../listing/listing.js';
import { PROVIDERS } from './providers.js';

/** Octavia 16.0.0; an older cloud lists fewer. */
export const LATEST_MINOR_VERSION = 30;

/** Versions only advertise features: no request header asks for one. */
export function addDiscoveryRoutes(routes: RouteTable, latest: number): void {
  const versions = ({ serviceUrl }: ApiRequest) => ({
    status: 200,
    body: {
      versions: Array.from({ length: latest + 1 }, (_, minor) => ({
        id: `v2.${minor}`,
        status: minor === latest ? 'CURRENT' : 'SUPPORTED',
        updated: '2016-12-11T00:00:00Z',
        links: [{ href: `${serviceUrl}/v2`, rel: 'self' }],
      })),
    },
  });
  routes
    .addOpen('GET', '/', versions)
    .add('GET', '/v2', () => ({ status: 200, body: 'v2' }))
    .add('GET', '/v2/lbaas', () => ({ status: 200, body: 'v2' }))
    .add('GET', '/v2/lbaas/providers', ({ query }) => ({
      status: 200,
      body: { providers: PROVIDERS.map((provider) => chosen(provider, query.getAll('fields'))) },
    }));
}
