import { ApiFault } from '../http/api-fault.js';
import type { OctaviaContext } from './octavia-context.js';
import { validationFailure } from './octavia-faults.js';

/** Octavia's defaults (`[api_settings]`), which objects without TLS do not have. */
export const DEFAULT_TLS_CIPHERS =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:DHE-RSA-AES256-GCM-SHA384:' +
  'DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA256:' +
  'DHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256';
export const DEFAULT_TLS_VERSIONS: readonly string[] = ['TLSv1.2', 'TLSv1.3'];
export const DEFAULT_ALPN_PROTOCOLS: readonly string[] = ['h2', 'http/1.1', 'http/1.0'];

const TLS_VERSIONS = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** @throws ApiFault 400 where a reference leads to nothing that Octavia can read */
export function requireCertificates(context: OctaviaContext, references: readonly string[]): void {
  const dead = references.filter((reference) => !context.certificates.exists(reference));
  if (dead.length > 0) {
    throw new ApiFault(
      400,
      `Could not retrieve certificate: [${dead.map((reference) => `'${reference}'`).join(', ')}]`,
    );
  }
  for (const reference of references) context.certificates.requireReadable(reference);
}

/** @throws ApiFault 400 */
export function requireTlsVersions(versions: readonly string[] | null | undefined): void {
  if (versions === undefined || versions === null) return;
  if (versions.length === 0) {
    throw validationFailure(
      'Empty TLS version list. Either specify at least one TLS version or remove this parameter to use the default.',
    );
  }
  const unknown = versions.filter((version) => !TLS_VERSIONS.includes(version));
  if (unknown.length > 0) throw validationFailure(`Invalid TLS versions: ${unknown.join(', ')}`);
}

/** @throws ApiFault 400 */
export function requireAlpnProtocols(protocols: readonly string[] | null | undefined): void {
  if (protocols?.length === 0) {
    throw validationFailure(
      'Empty ALPN protocol list. Either specify at least one ALPN protocol or remove this parameter to use the default.',
    );
  }
}
