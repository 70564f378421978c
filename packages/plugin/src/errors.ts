/** Root of this project's errors. `code` is stable and documented; `retryable` says whether the same call may succeed later. */
export abstract class KuryrError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** kuryr.conf, or the cloud it points to, has to be changed by a person; trying again as it is cannot help. */
export class ConfigurationError extends KuryrError {
  readonly code: string = 'ERR_CONFIGURATION';
  readonly retryable: boolean = false;
}

/** The preconfigured router can't be used now (not there, not ACTIVE, port taken): said in /readyz, tried again for ever. */
export class RouterUnavailableError extends KuryrError {
  readonly code: string = 'ERR_ROUTER_UNAVAILABLE';
  readonly retryable: boolean = true;
}

/** A change did not get through, and may later (busy router, time-out, 5xx). */
export class TemporaryRouterError extends KuryrError {
  readonly code: string = 'ERR_ROUTER_TEMPORARY';
  readonly retryable: boolean = true;
}

/** The router refuses this change as it is; the planner has to come to another one. */
export class RouterRefusedError extends KuryrError {
  readonly code: string = 'ERR_ROUTER_REFUSED';
  readonly retryable: boolean = false;
}

/** Something that a handler needs is not there yet; the object is tried again with back-off. Not an error to a person. */
export class NotReadyError extends KuryrError {
  readonly code: string = 'ERR_NOT_READY';
  readonly retryable: boolean = true;
}

/**
 * The load balancer of a Service is PENDING, and a worker need not wait for that: the Service is looked at again in a few
 * seconds. Not an error to a person.
 */
export class LoadBalancerPendingError extends KuryrError {
  readonly code: string = 'ERR_LOAD_BALANCER_PENDING';
  readonly retryable: boolean = true;
}

/** The public address that a Service asks for is not there, or is another's: said on the Service, and tried again. */
export class PublicIpUnavailableError extends KuryrError {
  readonly code: string = 'ERR_PUBLIC_IP_UNAVAILABLE';
  readonly retryable: boolean = true;
}

/** A Pod can't have its VIF now, and a person may have to do something about it: said on the Pod, and tried again. */
export class VifUnavailableError extends KuryrError {
  readonly code: string = 'ERR_VIF_UNAVAILABLE';
  readonly retryable: boolean = true;
}

/** The port of a VIF is not there any more: the Pod needs another one. */
export class VifGoneError extends KuryrError {
  readonly code: string = 'ERR_VIF_GONE';
  readonly retryable: boolean = false;
}

/**
 * Whether an error is of the kind that a code stands for. By code and not by class: a plugin installed elsewhere brings its
 * own copy of this package, whose classes are others.
 */
export function hasCode(error: unknown, code: string): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && error.code === code;
}

export const isRouterRefused = (error: unknown): error is Error => hasCode(error, 'ERR_ROUTER_REFUSED');
export const isRouterUnavailable = (error: unknown): error is Error => hasCode(error, 'ERR_ROUTER_UNAVAILABLE');
