import type { Ingress, ObjectKey } from '../../kubernetes.js';
import { compareText } from '../../policy-order.js';
import { recordOf, textOf } from '../untrusted.js';

/** Who asks, and since when. */
export interface IngressIdentity {
  readonly key: ObjectKey;
  readonly namespace: string;
  readonly name: string;
  /** Milliseconds since 1970; Infinity where the Ingress does not say. */
  readonly created: number;
}

export function identityOf(key: ObjectKey, ingress: Ingress): IngressIdentity {
  const { namespace, name, creationTimestamp } = recordOf(ingress.metadata) ?? {};
  const created = Date.parse(textOf(creationTimestamp) ?? '');
  return {
    key,
    namespace: textOf(namespace) ?? '',
    name: textOf(name) ?? '',
    created: Number.isNaN(created) ? Number.POSITIVE_INFINITY : created,
  };
}

/** Negative: `a` is the older one. The API server sets the time, so nobody can forge it; it counts whole seconds, so ties happen. */
export function compareAge(a: IngressIdentity, b: IngressIdentity): number {
  if (a.created !== b.created) return a.created - b.created;
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}
