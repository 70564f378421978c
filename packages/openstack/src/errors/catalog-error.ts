import { OpenStackError } from './openstack-error.js';

/** The catalog has no such service, region or interface for the project. */
export class CatalogError extends OpenStackError {
  readonly code = 'ERR_OPENSTACK_CATALOG';
  readonly retryable = true;
}
