import {
  BadRequestError,
  CatalogError,
  CloudConfigurationError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  OpenStackError,
  ProviderError,
  QuotaError,
  UnauthorizedError,
  UnsupportedError,
} from '@kuryr-l7/openstack';
import {
  ConfigurationError,
  KuryrError,
  RouterRefusedError,
  RouterUnavailableError,
  TemporaryRouterError,
} from '@kuryr-l7/plugin';

/**
 * What an error of the cloud means to the controller: a change that will never be made as it is, a router that a person
 * has to see to, or something to try again. Errors that are not the cloud's are returned as they are.
 *
 * @param doing what was being done, e.g. `create pool default_web`
 */
export function asRouterError(error: unknown, doing: string): unknown {
  if (error instanceof KuryrError || !(error instanceof OpenStackError)) return error;
  const cause = { cause: error };
  const message = `${doing}: ${error.message}`;
  if (error instanceof QuotaError) {
    return new RouterRefusedError(
      `${message}; the project has as many as it may: delete some, or have an administrator raise the quota (openstack loadbalancer quota set)`,
      cause,
    );
  }
  if (error instanceof BadRequestError || error instanceof ConflictError || error instanceof UnsupportedError) {
    return new RouterRefusedError(message, cause);
  }
  if (error instanceof ForbiddenError) {
    return new RouterUnavailableError(
      `${message}; the user of [neutron] may not do this: give it the role load-balancer_member in the project of the load balancer, and creator for Barbican if there are certificates`,
      cause,
    );
  }
  if (error instanceof UnauthorizedError) {
    return new RouterUnavailableError(`${message}; check the credentials in [neutron]`, cause);
  }
  if (error instanceof CatalogError) return new RouterUnavailableError(message, cause);
  if (error instanceof CloudConfigurationError || error instanceof ProviderError) {
    return new ConfigurationError(message, cause);
  }
  if (error instanceof NotFoundError) {
    return new TemporaryRouterError(`${message}; somebody else has deleted it, so the router is read anew`, cause);
  }
  return new TemporaryRouterError(message, cause);
}
