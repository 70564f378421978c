import { ApiFault } from '../http/api-fault.js';

/** Providers that the simulated cloud has, as `GET /providers` tells them. */
export const PROVIDERS = [
  { name: 'amphora', description: 'The Octavia Amphora driver' },
  { name: 'octavia', description: 'Alias of amphora' },
  { name: 'noop_driver', description: 'The no-op provider' },
  { name: 'ovn', description: 'Octavia OVN driver' },
] as const;

/** Its load balancers never become ACTIVE, and cannot be deleted. */
export const HANGING_PROVIDER = 'noop_driver';

const OVN_PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

/** @throws ApiFault 400 */
export function requireProvider(provider: string): void {
  if (!PROVIDERS.some(({ name }) => name === provider)) {
    throw new ApiFault(400, `Provider '${provider}' is not enabled.`);
  }
}

/** @throws ApiFault 501 where the provider knows nothing of L7 policies */
export function requireL7Support(provider: string, action: string): void {
  if (provider !== 'ovn') return;
  const reason = `This provider does not support ${action}.`;
  throw new ApiFault(501, `Provider '${provider}' does not support a requested action: ${reason}`);
}

/** @throws ApiFault 501 */
export function requireProtocolSupport(provider: string, protocol: string): void {
  if (provider !== 'ovn' || OVN_PROTOCOLS.includes(protocol)) return;
  throw unsupported(provider, `OVN provider does not support ${protocol} protocol`);
}

/** @throws ApiFault 501 */
export function requireAlgorithmSupport(provider: string, algorithm: string): void {
  if (provider === 'ovn' && algorithm !== 'SOURCE_IP_PORT') {
    throw unsupported(provider, `OVN provider does not support ${algorithm} algorithm`);
  }
}

function unsupported(provider: string, reason: string): ApiFault {
  return new ApiFault(501, `Provider '${provider}' does not support a requested option: ${reason}`);
}
