import { OpenStackError } from './openstack-error.js';

/** `[neutron]` or clouds.yaml does not say how to reach the cloud, or says it wrongly; a person has to change it. */
export class CloudConfigurationError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_CONFIGURATION';
  readonly retryable = false;
}
