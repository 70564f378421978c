import type { CallOptions } from '../api/call-options.js';
import type { ServiceAnswer } from '../transport/service-answer.js';
import type { ServiceClient } from '../transport/service-client.js';
import type { LoadBalancerQuotas } from './octavia-client.js';
import { type LoadBalancerQuota, type LoadBalancerQuotaUpdate, readLoadBalancerQuota } from './quota.js';

export class HttpQuotas implements LoadBalancerQuotas {
  constructor(private readonly octavia: ServiceClient) {}

  get(projectId: string, options: CallOptions = {}): Promise<LoadBalancerQuota> {
    return this.octavia.request('GET', pathOf(projectId), options, readQuota);
  }

  defaults(options: CallOptions = {}): Promise<LoadBalancerQuota> {
    return this.octavia.request('GET', pathOf('defaults'), options, readQuota);
  }

  update(projectId: string, quota: LoadBalancerQuotaUpdate, options: CallOptions = {}): Promise<LoadBalancerQuota> {
    return this.octavia.request('PUT', pathOf(projectId), { ...options, body: { quota } }, readQuota);
  }

  reset(projectId: string, options: CallOptions = {}): Promise<void> {
    return this.octavia.request('DELETE', pathOf(projectId), options, () => undefined);
  }
}

function pathOf(projectId: string): string {
  return `/v2/lbaas/quotas/${encodeURIComponent(projectId)}`;
}

function readQuota(answer: ServiceAnswer): LoadBalancerQuota {
  return answer.reader().object('quota', readLoadBalancerQuota);
}
