import { isIPv6 } from 'node:net';
import { pythonText } from '../shape/python-text.js';
import type { Given } from '../shape/shape.js';
import type { LISTENER_PUT } from './fields.js';
import type { LoadBalancer } from './objects.js';
import { invalidOption, validationFailure } from './octavia-faults.js';

const FORWARDED_HEADERS = ['X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'];
const TLS_HEADERS = ['X-SSL-Client-Verify', 'X-SSL-Client-Has-Cert', 'X-SSL-Client-DN', 'X-SSL-Client-CN'].concat([
  'X-SSL-Issuer',
  'X-SSL-Client-SHA1',
  'X-SSL-Client-Not-Before',
  'X-SSL-Client-Not-After',
]);

/** @throws ApiFault 400 */
export function requireInsertHeaders(protocol: string, headers: Readonly<Record<string, string>>): void {
  const names = Object.keys(headers);
  if (names.length === 0) return;
  if (!['HTTP', 'TERMINATED_HTTPS'].includes(protocol)) {
    throw invalidOption('insert-headers', `a ${protocol} protocol listener.`);
  }
  const quoted = (chosen: readonly string[]) => `[${chosen.map((name) => `'${name}'`).join(', ')}]`;
  if (names.some((name) => ![...FORWARDED_HEADERS, ...TLS_HEADERS].includes(name))) {
    throw invalidOption(quoted(names), 'insert_headers');
  }
  const forTls = names.filter((name) => TLS_HEADERS.includes(name));
  if (protocol !== 'TERMINATED_HTTPS' && forTls.length > 0) {
    throw invalidOption(quoted(forTls), `${protocol} protocol listener.`);
  }
}

/** Whether the clients of a listener can be let in by the VIP. @throws ApiFault 400 */
export function requireAllowedCidrs(
  { vip_address, vip_sg_ids }: Pick<LoadBalancer, 'vip_address' | 'vip_sg_ids'>,
  cidrs: readonly string[] | null | undefined,
): void {
  if (!cidrs || cidrs.length === 0) return;
  if (vip_sg_ids.length > 0) {
    throw validationFailure('Allowed CIDRs are not allowed when using custom VIP Security Groups.');
  }
  const other = cidrs.find((cidr) => isIPv6(cidr.split('/')[0] ?? '') !== isIPv6(vip_address));
  if (other === undefined) return;
  throw validationFailure(
    `CIDR ${other} IP version incompatible with all VIPs ${pythonText([vip_address])} IP version.`,
  );
}

/** Barbican references that a request names. */
export function listenerReferences(given: Given<typeof LISTENER_PUT>): string[] {
  const { sni_container_refs, default_tls_container_ref, client_ca_tls_container_ref, client_crl_container_ref } =
    given;
  return [
    ...(sni_container_refs ?? []),
    default_tls_container_ref,
    client_ca_tls_container_ref,
    client_crl_container_ref,
  ].filter((reference) => typeof reference === 'string');
}

/** Whether the TLS fields of a request suit each other and the protocol. @throws ApiFault 400 */
export function requireListenerTls(
  protocol: string,
  given: Given<typeof LISTENER_PUT> & { readonly isUpdate: boolean },
): void {
  const tls = protocol === 'TERMINATED_HTTPS';
  const certificates = [given.default_tls_container_ref, ...(given.sni_container_refs ?? [])].some(Boolean);
  if (!tls && certificates) {
    throw validationFailure(`Certificate container references are not allowed on ${protocol} protocol listeners.`);
  }
  if (tls && !given.isUpdate && !certificates) {
    throw validationFailure(
      `An SNI or default certificate container reference must be provided for ${protocol} protocol listeners.`,
    );
  }
  const mode = given.client_authentication ?? 'NONE';
  if (!given.isUpdate && mode !== 'NONE' && !given.client_ca_tls_container_ref) {
    throw validationFailure(`Client authentication setting ${mode} requires a client CA container reference.`);
  }
  requireHsts(tls, given);
}

function requireHsts(tls: boolean, given: Given<typeof LISTENER_PUT> & { readonly isUpdate: boolean }): void {
  const age = given.hsts_max_age ?? null;
  if (!given.isUpdate && (given.hsts_include_subdomains || given.hsts_preload) && age === null) {
    throw validationFailure(
      'HSTS configuration options hsts_include_subdomains and hsts_preload only make sense if hsts_max_age is set as well.',
    );
  }
  if (age !== null && !tls) {
    throw validationFailure('The HSTS feature can only be used for listeners using the TERMINATED_HTTPS protocol.');
  }
}
