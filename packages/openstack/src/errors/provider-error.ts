import { OpenStackError } from './openstack-error.js';

/** The provider of a load balancer can't carry L7 policies. */
export class ProviderError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_PROVIDER';
  readonly retryable = false;
}
