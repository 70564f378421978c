import { ROUTER_DEFAULT_KEY } from '../../policy-key.js';
import { compareText, type PolicyOrder } from '../../policy-order.js';

/**
 * Stage 5: the order of hosts, and with it that of all policies, since those of one host stand together: exact hosts, then
 * wildcards, then any host, then the router-wide default. {@link policyOrder} tells the same of a policy.
 */
export function compareHosts(a: string, b: string): number {
  return hostBand(a) - hostBand(b) || compareText(a, b);
}

/** @param host `www.example.com`, `*.example.com`, '' for any host, or {@link ROUTER_DEFAULT_KEY} */
export function hostBand(host: string): PolicyOrder['band'] {
  if (host === ROUTER_DEFAULT_KEY) return 3;
  if (host === '') return 2;
  return host.startsWith('*.') ? 1 : 0;
}
