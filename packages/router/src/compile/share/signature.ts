import type { L7Policy } from '../../model.js';

const signatures = new WeakMap<L7Policy, string>();

/** Who asks for it and what it does: policies have to agree on that to be one. */
export function signatureOf(policy: L7Policy): string {
  let signature = signatures.get(policy);
  if (signature === undefined) {
    const { source, action, redirectPool, redirectUrl, redirectPrefix, redirectHttpCode, statusCode } = policy;
    const target = [action, redirectPool, redirectUrl, redirectPrefix, redirectHttpCode, statusCode];
    signature = [source.kind, source.namespace, source.name, ...target].join(' ');
    signatures.set(policy, signature);
  }
  return signature;
}
