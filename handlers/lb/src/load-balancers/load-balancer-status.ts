import { type KubernetesWriter, SERVICES } from '@kuryr-l7/kube';
import type { ObjectOf } from '@kuryr-l7/plugin';
import type { Compilation, Service } from '@kuryr-l7/service-load-balancer';
import type { ServiceNotices } from './service-notices.js';

type ServiceObject = ObjectOf<typeof SERVICES>;
type Wanted = Extract<Compilation, { readonly outcome: 'wanted' }>;

/** An entry of `status.loadBalancer.ingress`. */
export type StatusEntry = { readonly hostname: string } | { readonly ip: string; readonly ipMode?: 'Proxy' };

/** `status.loadBalancer` of Services, written only where it differs. */
export class LoadBalancerStatus {
  constructor(
    private readonly kubernetes: KubernetesWriter,
    private readonly notices: ServiceNotices,
  ) {}

  /** A write wakes the handler again, which then finds nothing to do, or tries once more what has failed. */
  async set(service: ServiceObject, entries: readonly StatusEntry[], signal: AbortSignal): Promise<void> {
    if (service.spec?.type !== 'LoadBalancer' || isStatus(service as Service, entries)) return;
    await this.kubernetes.patchStatus(SERVICES, service, { loadBalancer: { ingress: entries } }, signal);
    const before = addressIn(service as Service);
    const after = addressIn({ status: { loadBalancer: { ingress: entries } } });
    if (before !== undefined && after !== undefined && before !== after) {
      this.notices.addressChanged(service, before, after);
    }
  }

  /** Of a Service that has no load balancer any more, whatever its type is by now. */
  async clear(service: ServiceObject, signal: AbortSignal): Promise<void> {
    if (isStatus(service as Service, [])) return;
    await this.kubernetes.patchStatus(SERVICES, service, { loadBalancer: { ingress: null } }, signal);
  }
}

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
function isStatus({ status }: Service, entries: readonly StatusEntry[]): boolean {
  const there = (status?.loadBalancer?.ingress ?? []).map(textOf);
  return there.join() === entries.map(textOf).join();
}

function textOf(entry: { readonly ip?: string; readonly hostname?: string; readonly ipMode?: string }): string {
  return `${entry.ip ?? ''}|${entry.hostname ?? ''}|${entry.ipMode === 'Proxy' ? 'Proxy' : ''}`;
}
