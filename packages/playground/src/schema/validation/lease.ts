import type { Causes } from '../causes.js';
import { type JsonObject, numberAt, objectAt, stringAt } from '../json.js';

/** As k8s.io/kubernetes, pkg/apis/coordination/validation. */
export function validateLease(causes: Causes, lease: JsonObject): void {
  const spec = objectAt(lease, 'spec');
  const duration = numberAt(spec, 'leaseDurationSeconds');
  if (duration !== undefined && duration <= 0) {
    causes.invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0');
  }
  const transitions = numberAt(spec, 'leaseTransitions');
  if (transitions !== undefined && transitions < 0) {
    causes.invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0');
  }
  if (stringAt(spec, 'holderIdentity') === '') causes.invalid('spec.holderIdentity', '', 'must not be empty');
}
