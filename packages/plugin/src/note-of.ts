import { hasCode } from './errors.js';

/** Of the cloud as a whole, its address or the login of the controller. */
const OF_OPERATOR = [
  'ERR_OPENSTACK_UNAUTHORIZED',
  'ERR_OPENSTACK_CONFIGURATION',
  'ERR_OPENSTACK_CATALOG',
  'ERR_OPENSTACK_CERTIFICATE',
  'ERR_OPENSTACK_CONNECTION',
  'ERR_OPENSTACK_NO_ANSWER',
] as const;

/**
 * What an Event on an object says of a failure: the message; but where nobody can reach or use the cloud, only that. Events are
 * read by all who may read the object, and they can neither mend that nor have to know addresses and names of logins.
 */
export function noteOf(error: unknown): string {
  const code = OF_OPERATOR.find((one) => isCausedBy(error, one));
  if (code !== undefined) {
    return `the controller can't use OpenStack (${code}): its operator finds the reason in its log`;
  }
  return error instanceof Error ? error.message : String(error);
}

function isCausedBy(error: unknown, code: string): boolean {
  return hasCode(error, code) || (error instanceof Error && isCausedBy(error.cause, code));
}
