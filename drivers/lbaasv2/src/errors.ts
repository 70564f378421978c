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
import { ConfigurationError, KuryrError } from '@kuryr-l7/plugin';

/** A load balancer is not as it should be yet, and may be later: it stays PENDING, the cloud fails, somebody else writes. */
export class LoadBalancerNotReadyError extends KuryrError {
  readonly code = 'ERR_LOAD_BALANCER_NOT_READY';
  readonly retryable = true;
}

/** Octavia refuses what a Service asks for; it is tried again more and more rarely, as somebody may mend the cause. */
export class LoadBalancerRefusedError extends KuryrError {
  readonly code = 'ERR_LOAD_BALANCER_REFUSED';
  readonly retryable = true;
}

/** Each names its own remedy, which depends on the service that was asked. */
const REFUSALS = [BadRequestError, ConflictError, ForbiddenError, QuotaError, UnauthorizedError, UnsupportedError];

/**
 * What an error of the cloud means to the Service that the work was done for. Others are returned as they are.
 *
 * @param doing what was being done, e.g. `create listener TCP:80 of shop/web`
 */
export function asLoadBalancerError(error: unknown, doing: string): unknown {
  if (error instanceof KuryrError || !(error instanceof OpenStackError)) return error;
  const cause = { cause: error };
  const message = `${doing}: ${error.message}`;
  if (REFUSALS.some((type) => error instanceof type)) {
    return new LoadBalancerRefusedError(`${message}${askedBy(error)}`, cause);
  }
  if (error instanceof CloudConfigurationError || error instanceof ProviderError || error instanceof CatalogError) {
    return new ConfigurationError(message, cause);
  }
  if (error instanceof NotFoundError || error instanceof ImmutableError) {
    return new LoadBalancerNotReadyError(`${message}; somebody else changes it, so it is read anew`, cause);
  }
  return new LoadBalancerNotReadyError(message, cause);
}

/** What asks for what is refused, where Octavia's words don't tell; `''` elsewhere. */
function askedBy({ message }: OpenStackError): string {
  if (/^Octavia .*\bSecurity Group [0-9a-f-]{36}/i.test(message)) {
    return ' ([neutron_defaults] pod_security_groups names it, or whatever service_security_groups_driver is)';
  }
  if (/^Octavia (POST|PUT) \S+\/(loadbalancers|pools(\/[^/ ]+)?): 501\b.*(algorithm|persistence)/i.test(message)) {
    return ' (asked for by the annotation loadbalancer.openstack.org/lb-method, [octavia_defaults] lb_algorithm or spec.sessionAffinity)';
  }
  return '';
}
