import { OpenStackError } from './openstack-error.js';

/** The service can't be reached: name not known, connection refused. What was asked for has not been done. */
export class ConnectionError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_CONNECTION';
  readonly retryable = true;
}

/** No TLS with the service: its certificate is expired, not trusted or for another name, or it refuses ours. */
export class CertificateError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_CERTIFICATE';
  /** Certificates are renewed, and files with them are read again. */
  readonly retryable = true;
}

/** A request got no complete answer: silence, or the connection broke off. */
export class NoAnswerError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_NO_ANSWER';
  readonly retryable = true;
}
