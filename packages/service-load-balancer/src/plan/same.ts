import { isIPv6 } from 'node:net';
import { networkOf } from '../compile/cidrs.js';
import type { HealthMonitor, ListenerSettings, Member, Pool } from '../model.js';
import type { ObservedHealthMonitor, ObservedPool } from '../observed.js';

export function sameSettings(a: ListenerSettings, b: ListenerSettings): boolean {
  return (
    sameWords(a.allowedCidrs.map(networkOf), b.allowedCidrs.map(networkOf)) &&
    sameWords(a.insertHeaders, b.insertHeaders) &&
    a.connectionLimit === b.connectionLimit &&
    a.timeoutClientData === b.timeoutClientData &&
    a.timeoutMemberConnect === b.timeoutMemberConnect &&
    a.timeoutMemberData === b.timeoutMemberData &&
    a.timeoutTcpInspect === b.timeoutTcpInspect &&
    a.defaultTlsContainerRef === b.defaultTlsContainerRef
  );
}

/** But for members and monitor, which are written for themselves. */
export function samePool(wanted: Pool, there: ObservedPool): boolean {
  const persistence: { readonly type?: string; readonly timeout?: number } = there.sessionPersistence ?? {};
  return (
    wanted.lbAlgorithm === there.lbAlgorithm &&
    wanted.sessionPersistence?.type === persistence.type &&
    wanted.sessionPersistence?.timeout === persistence.timeout
  );
}

export function sameMonitor(wanted: HealthMonitor, there: ObservedHealthMonitor): boolean {
  return (
    wanted.delay === there.delay &&
    wanted.timeout === there.timeout &&
    wanted.maxRetries === there.maxRetries &&
    wanted.maxRetriesDown === there.maxRetriesDown &&
    wanted.urlPath === there.urlPath
  );
}

/** But for the subnet, which never changes in Octavia. */
export function sameMember(wanted: Member, there: Member): boolean {
  return endpointOf(wanted) === endpointOf(there) && wanted.monitorPort === there.monitorPort;
}

/** What Octavia knows a member by; IPv6 addresses have many spellings. */
export function endpointOf({ address, port }: Pick<Member, 'address' | 'port'>): string {
  return `${isIPv6(address) ? new URL(`http://[${address}]`).hostname : address} ${port}`;
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}
