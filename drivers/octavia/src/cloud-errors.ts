import {
  BadRequestError,
  CatalogError,
  CloudConfigurationError,
  ConflictError,
  ForbiddenError,
  ImmutableError,
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
      `${message} ("openstack loadbalancer quota set", for floating IPs "openstack quota set")`,
      cause,
    );
  }
  if (error instanceof BadRequestError || error instanceof ConflictError || error instanceof UnsupportedError) {
    return new RouterRefusedError(message, cause);
  }
  if (error instanceof ForbiddenError || error instanceof UnauthorizedError || error instanceof CatalogError) {
    return new RouterUnavailableError(message, cause);
  }
  if (error instanceof CloudConfigurationError || error instanceof ProviderError) {
    return new ConfigurationError(message, cause);
  }
  if (error instanceof ImmutableError) {
    return new TemporaryRouterError(`${message}; somebody else is changing it, so it is tried again`, cause);
  }
  if (error instanceof NotFoundError) {
    return new TemporaryRouterError(`${message}; somebody else has deleted it, so the router is read anew`, cause);
  }
  return new TemporaryRouterError(message, cause);
}
