import type { OctaviaCapabilities } from '@kuryr-l7/openstack';
import { ConfigurationError } from '@kuryr-l7/plugin';
import type { OctaviaSettings } from '../settings.js';

interface Need {
  /** What is asked for, as it is written in kuryr.conf. */
  readonly option: string;
  readonly isAsked: (settings: OctaviaSettings) => boolean;
  readonly capability: Exclude<keyof OctaviaCapabilities, 'version'>;
  readonly since: string;
}

/** What needs a newer API than the oldest that has tags. */
const NEEDS: readonly Need[] = [
  {
    option: '[octavia] allowed_cidrs',
    isAsked: ({ listener }) => listener.allowedCidrs.length > 0,
    capability: 'allowedCidrs',
    since: '2.12',
  },
  {
    option: '[octavia] tls_ciphers',
    isAsked: ({ listener, pool }) => listener.tlsCiphers !== undefined || pool.tls?.ciphers !== undefined,
    capability: 'tlsCiphers',
    since: '2.15',
  },
  {
    option: '[octavia] tls_versions',
    isAsked: ({ listener }) => listener.tlsVersions.length > 0,
    capability: 'listenerTlsVersions',
    since: '2.17',
  },
  {
    option: '[octavia] pool_tls_versions',
    isAsked: ({ pool }) => (pool.tls?.versions.length ?? 0) > 0,
    capability: 'poolTlsVersions',
    since: '2.18',
  },
  {
    option: '[octavia] alpn_protocols',
    isAsked: ({ listener }) => listener.alpnProtocols.length > 0,
    capability: 'listenerAlpn',
    since: '2.20',
  },
  {
    option: '[octavia] pool_protocol = PROXYV2',
    isAsked: ({ pool }) => pool.protocol === 'PROXYV2',
    capability: 'proxyV2',
    since: '2.22',
  },
  {
    option: '[octavia] pool_alpn_protocols',
    isAsked: ({ pool }) => (pool.tls?.alpnProtocols.length ?? 0) > 0,
    capability: 'poolAlpn',
    since: '2.24',
  },
  {
    option: '[octavia] hsts_max_age',
    isAsked: ({ listener }) => listener.hstsMaxAge !== undefined,
    capability: 'hsts',
    since: '2.27',
  },
  {
    option: '[octavia] pool_tls',
    isAsked: ({ pool }) => pool.tls !== undefined,
    capability: 'tlsClientAuthentication',
    since: '2.8',
  },
  { option: 'the tags by which it knows what is its own', isAsked: () => true, capability: 'tags', since: '2.5' },
  { option: 'redirects with a status of their own', isAsked: () => true, capability: 'redirectHttpCode', since: '2.9' },
];

/** @throws ConfigurationError naming what this cloud's Octavia is too old for */
export function checkCapabilities(capabilities: OctaviaCapabilities, settings: OctaviaSettings): void {
  const unmet = NEEDS.find(({ isAsked, capability }) => isAsked(settings) && !capabilities[capability]);
  if (unmet === undefined) return;
  throw new ConfigurationError(
    `the Octavia of this cloud offers API ${capabilities.version}, and ${unmet.option} needs ${unmet.since}: leave it out, or have an administrator upgrade Octavia`,
  );
}
