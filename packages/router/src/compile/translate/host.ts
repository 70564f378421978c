import { isIP } from 'node:net';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_NAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const LONGEST_DNS_NAME = 253;

export type HostReading = { readonly host: string } | { readonly obstacle: string };

/**
 * Reads `spec.rules[].host`: a DNS-1123 name, or `*.` and such a name; none or empty is any host. Upper case, which the
 * API server refuses, is taken as lower case. The obstacle completes the sentence "Host x ...".
 */
export function readHost(value: unknown): HostReading {
  if (value === undefined || value === null || value === '') return { host: '' };
  if (typeof value !== 'string') return { obstacle: 'is not a string; write a DNS name' };
  const host = value.toLowerCase();
  const name = host.startsWith('*.') ? host.slice(2) : host;
  if (DNS_NAME.test(name) && isIP(name) === 0 && host.length <= LONGEST_DNS_NAME) return { host };
  return { obstacle: obstacleOf(host) };
}

function obstacleOf(host: string): string {
  if (host.length > LONGEST_DNS_NAME) return `is longer than ${LONGEST_DNS_NAME} characters; write a DNS name`;
  if (host === '*') return 'matches every host; leave the host out to say so, or write *.<domain>';
  if (isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0) return 'is an IP address; write a DNS name';
  if (/^[^:]+:[0-9]+$/.test(host)) return 'has a port; leave it out, a host matches on any port';
  return 'is not a DNS name; write one in lower case, or *.<domain> for one more label';
}
