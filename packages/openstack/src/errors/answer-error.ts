import { OpenStackError } from './openstack-error.js';

/** An answer that is not what the API promises: not JSON, a field missing or of another type. The message names the field. */
export class AnswerError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_ANSWER';
  readonly retryable = true;
}
