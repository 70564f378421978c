/** One service of the catalog and where it is. */
export interface CatalogService {
  readonly type: string;
  readonly name: string;
  readonly endpoints: readonly CatalogEndpoint[];
}

export interface CatalogEndpoint {
  readonly region: string;
  readonly interface: 'public' | 'internal' | 'admin';
  readonly url: string;
}

/** A service that is at one address for everybody. */
export function catalogService(type: string, name: string, region: string, url: string): CatalogService {
  const interfaces = ['public', 'internal', 'admin'] as const;
  return { type, name, endpoints: interfaces.map((kind) => ({ region, interface: kind, url })) };
}

/** The catalog as a token carries it. */
export function catalogView(services: readonly CatalogService[]) {
  return services.map(({ type, name, endpoints }) => ({
    id: `${type}-service`,
    type,
    name,
    endpoints: endpoints.map(({ region, interface: kind, url }) => ({
      id: `${type}-${kind}-${region}`,
      interface: kind,
      region_id: region,
      region,
      url,
    })),
  }));
}
