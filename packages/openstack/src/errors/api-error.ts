import { OpenStackError } from './openstack-error.js';

/** What a service said in an answer with an error status. */
export interface ErrorAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The words of the service: `faultstring`, `NeutronError.message`, …; `''` when it gave none. */
  readonly fault: string;
  /** Neutron's name of the error, e.g. `FloatingIPPortAlreadyAssociated`; `''` elsewhere. */
  readonly type: string;
  /** Finds the request in the logs of the service. */
  readonly requestId?: string;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfter?: number;
}

/** A service answered with an error status. The message has the request, status, fault and request id. */
export abstract class ApiError extends OpenStackError {
  readonly status: number;
  readonly fault: string;
  readonly type: string;
  readonly requestId: string | undefined;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(message: string, answer: ErrorAnswer, options?: ErrorOptions) {
    super(message, options);
    this.status = answer.status;
    this.fault = answer.fault;
    this.type = answer.type;
    this.requestId = answer.requestId;
    this.retryAfter = answer.retryAfter;
  }
}

/** 401: Keystone does not take the credentials, or a service does not take the token. */
export class UnauthorizedError extends ApiError {
  readonly code = 'ERR_OPENSTACK_UNAUTHORIZED';
  readonly retryable = true;
}

/** 403: the user lacks a role, or the object is of another project. */
export class ForbiddenError extends ApiError {
  readonly code = 'ERR_OPENSTACK_FORBIDDEN';
  readonly retryable = true;
}

/** 403, 409 or 413 by service: the project has as many of these as it may. */
export class QuotaError extends ApiError {
  readonly code = 'ERR_OPENSTACK_QUOTA';
  readonly retryable = true;
}

/** 409, or 500: no address is free in the subnet, or no subnet in the pool of subnets. */
export class AddressesExhaustedError extends ApiError {
  readonly code = 'ERR_OPENSTACK_ADDRESSES_EXHAUSTED';
  readonly retryable = true;
}

/** 404. */
export class NotFoundError extends ApiError {
  readonly code = 'ERR_OPENSTACK_NOT_FOUND';
  readonly retryable = false;
}

/** 409: the object, or one above it, is in a PENDING state or in ERROR. The first goes by, the second does not. */
export class ImmutableError extends ApiError {
  readonly code = 'ERR_OPENSTACK_IMMUTABLE';
  readonly retryable = true;

  /** What is immutable, in Octavia's words, e.g. kind `Load Balancer`; `undefined` when it is not told. */
  get object(): { readonly kind: string; readonly id: string } | undefined {
    const match =
      /^(?<kind>.+?) (?<id>[0-9a-f-]{32,36}) is immutable/i.exec(this.fault) ??
      / of (?<kind>\S+) resource (?<id>[0-9a-f-]{32,36})/i.exec(this.fault);
    const { kind, id } = match?.groups ?? {};
    return kind === undefined || id === undefined ? undefined : { kind, id };
  }
}

/** 409: such an object exists already, this one is in use, or holds as much as it can. */
export class ConflictError extends ApiError {
  readonly code = 'ERR_OPENSTACK_CONFLICT';
  readonly retryable = false;

  /** `exists`: another takes its place; `in-use`: others refer to it; `full`: it takes no more, as a policy of 50 rules. */
  get conflict(): 'exists' | 'in-use' | 'full' | 'other' {
    if (/too many/i.test(this.fault)) return 'full';
    if (/exists|duplicate|another .* is already|already ?(?:has|been|using|associated)/i.test(this.#words))
      return 'exists';
    return /in ?use/i.test(this.#words) ? 'in-use' : 'other';
  }

  get #words(): string {
    return `${this.type} ${this.fault}`;
  }
}

/** 412: the object is not as it was when it was read. */
export class ChangedMeanwhileError extends ApiError {
  readonly code = 'ERR_OPENSTACK_CHANGED_MEANWHILE';
  readonly retryable = true;
}

/** 400 and the like: the service refuses the request as it is. */
export class BadRequestError extends ApiError {
  readonly code = 'ERR_OPENSTACK_BAD_REQUEST';
  readonly retryable = false;
}

/** 501: the provider of the load balancer can't do this. */
export class UnsupportedError extends ApiError {
  readonly code = 'ERR_OPENSTACK_UNSUPPORTED';
  readonly retryable = false;
}

/** 429, or 503 `Project busy`: the service did nothing, and asks to come again. */
export class BusyError extends ApiError {
  readonly code = 'ERR_OPENSTACK_BUSY';
  readonly retryable = true;
}

/** 5xx and 408: the service, or the proxy before it, failed. */
export class UnavailableError extends ApiError {
  readonly code = 'ERR_OPENSTACK_UNAVAILABLE';
  readonly retryable = true;
}
