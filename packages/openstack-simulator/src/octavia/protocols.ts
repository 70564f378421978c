import { validationFailure } from './octavia-faults.js';

export const LISTENER_PROTOCOLS = ['TCP', 'HTTP', 'HTTPS', 'TERMINATED_HTTPS', 'UDP', 'SCTP', 'PROMETHEUS'] as const;

export const POOL_PROTOCOLS = ['TCP', 'HTTP', 'HTTPS', 'PROXY', 'UDP', 'PROXYV2', 'SCTP'] as const;

const POOL_PROTOCOLS_OF_LISTENER: Readonly<Record<string, readonly string[]>> = {
  TCP: ['HTTP', 'HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  HTTP: ['HTTP', 'PROXY', 'PROXYV2'],
  HTTPS: ['HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  TERMINATED_HTTPS: ['HTTP', 'PROXY', 'PROXYV2'],
  UDP: ['UDP'],
  SCTP: ['SCTP'],
  PROMETHEUS: [],
};

/** @throws ApiFault 400 where a listener cannot send to a pool */
export function requireCompatible(listenerProtocol: string, poolProtocol: string): void {
  if (POOL_PROTOCOLS_OF_LISTENER[listenerProtocol]?.includes(poolProtocol) === true) return;
  throw validationFailure(
    `The pool protocol '${poolProtocol}' is invalid while the listener protocol is '${listenerProtocol}'.`,
  );
}
