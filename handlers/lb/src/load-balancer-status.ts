import type { Compilation, Service } from '@kuryr-l7/service-load-balancer';

type Wanted = Extract<Compilation, { readonly outcome: 'wanted' }>;

/** An entry of `status.loadBalancer.ingress`. */
export type StatusEntry = { readonly hostname: string } | { readonly ip: string; readonly ipMode?: 'Proxy' };

/** What the status of a Service says of its load balancer; of other types than LoadBalancer nothing. */
export function statusOf({ spec }: Service, wanted: Wanted, address: string): readonly StatusEntry[] {
  if (spec?.type !== 'LoadBalancer') return [];
  if (wanted.hostname !== undefined) return [{ hostname: wanted.hostname }];
  return [{ ip: address, ...(wanted.usesProxyProtocol && { ipMode: 'Proxy' as const }) }];
}

/** Undefined where there is none, or a host name instead. */
export function addressIn({ status }: Pick<Service, 'status'>): string | undefined {
  return status?.loadBalancer?.ingress?.[0]?.ip;
}

/** As it stands in the cluster, where the API server fills in `ipMode: VIP`. */
export function isStatus({ status }: Service, entries: readonly StatusEntry[]): boolean {
  const there = (status?.loadBalancer?.ingress ?? []).map(textOf);
  return there.join() === entries.map(textOf).join();
}

function textOf(entry: { readonly ip?: string; readonly hostname?: string; readonly ipMode?: string }): string {
  return `${entry.ip ?? ''}|${entry.hostname ?? ''}|${entry.ipMode === 'Proxy' ? 'Proxy' : ''}`;
}
