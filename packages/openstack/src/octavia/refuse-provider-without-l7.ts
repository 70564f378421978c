import { ProviderError } from '../errors/provider-error.js';
import type { LoadBalancer } from './load-balancer.js';

/** Providers that balance connections and do not look into them. */
const WITHOUT_L7: ReadonlySet<string> = new Set(['ovn']);

/** Whether load balancers of a provider can carry L7 policies. */
export function hasL7(provider: string): boolean {
  return !WITHOUT_L7.has(provider);
}

/** @throws ProviderError for a load balancer that can't carry L7 policies, whatever version the API is of */
export function refuseProviderWithoutL7({ id, provider }: Pick<LoadBalancer, 'id' | 'provider'>): void {
  if (hasL7(provider)) return;
  throw new ProviderError(
    `load balancer ${id} is of provider ${provider}, which has no L7 policies and no HTTP listeners: make one of provider amphora (openstack loadbalancer create --provider amphora)`,
  );
}
