import { ApiFault } from '../http/api-fault.js';
import type { LoadBalancer } from './objects.js';

/** Octavia's errors (`octavia/common/exceptions.py`), word by word: drivers tell the 409s apart by their text. */

/** Octavia's names of its objects in messages. */
export const TITLES = {
  loadbalancer: 'Load Balancer',
  listener: 'Listener',
  pool: 'Pool',
  member: 'Member',
  healthmonitor: 'Health Monitor',
  l7policy: 'L7 Policy',
  l7rule: 'L7 Rule',
} as const;

export type ObjectKind = keyof typeof TITLES;

export function notFound(title: string, id: string): ApiFault {
  return new ApiFault(404, `${title} ${id} not found.`);
}

export function immutable(title: string, id: string): ApiFault {
  return new ApiFault(409, `${title} ${id} is immutable and cannot be updated.`);
}

export function pendingState({ provisioning_status, id }: LoadBalancer): ApiFault {
  return new ApiFault(409, `Invalid state ${provisioning_status} of loadbalancer resource ${id}`);
}

export function forbidden(): ApiFault {
  return new ApiFault(403, 'Policy does not allow this request to be performed.');
}

export function quotaMet(kind: ObjectKind): ApiFault {
  return new ApiFault(403, `Quota has been met for resources: ${TITLES[kind]}`);
}

export function validationFailure(detail: string): ApiFault {
  return new ApiFault(400, `Validation failure: ${detail}`);
}

export function invalidOption(value: string, option: string): ApiFault {
  return new ApiFault(400, `${value} is not a valid option for ${option}`);
}

/** The parent in a path is not there: the web framework answers before Octavia's own code does, with a wrong title. */
export function parentNotFound(title: string, id: string): ApiFault {
  return new ApiFault(404, `${title} ${id} not found.`, 'lookup');
}
