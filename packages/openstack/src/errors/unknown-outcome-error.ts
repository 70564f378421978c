import { OpenStackError } from './openstack-error.js';

/**
 * A change was sent, and nobody knows what became of it: no answer came in time, the connection broke off, the answer
 * can't be read, or the service answered 5xx (Octavia does so after changes that it made). Look for what should be there
 * before sending it again. `cause` is the NoAnswerError, AnswerError or UnavailableError.
 */
export class UnknownOutcomeError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_UNKNOWN_OUTCOME';
  /** Not as it is: it might be done twice. */
  readonly retryable = false;
}
