import { OpenStackError } from './openstack-error.js';

/** The service can't be reached: name not known, refused, TLS failure. What was asked for has not been done. */
export class ConnectionError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_CONNECTION';
  readonly retryable = true;
}

/** A reading request got no complete answer: silence, or the connection broke off. */
export class NoAnswerError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_NO_ANSWER';
  readonly retryable = true;
}
