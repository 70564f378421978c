import { isRecord, type JsonRecord } from '../json.js';
import { type HttpAnswer, headerOf } from '../transport/http-message.js';
import {
  AddressesExhaustedError,
  type ApiError,
  BadRequestError,
  BusyError,
  ChangedMeanwhileError,
  ConflictError,
  type ErrorAnswer,
  ForbiddenError,
  ImmutableError,
  NotFoundError,
  QuotaError,
  UnauthorizedError,
  UnavailableError,
  UnsupportedError,
} from './api-error.js';

/** What to do about an error of a class, for people; depends on who was asked. */
export interface Remedies {
  readonly unauthorized: string;
  readonly forbidden: string;
}

/**
 * The error for an answer with an error status. Statuses are not enough: quotas come as 403, 409 and 413, and 409 is a
 * busy load balancer as well as a duplicate, told apart by the text (measured on Octavia 11.0.0 and 16.0.0).
 *
 * @param request For people, e.g. `Octavia GET /v2/lbaas/pools`.
 * @param wallTime Milliseconds since the epoch, to read a date in Retry-After.
 */
export function apiErrorOf(request: string, answer: HttpAnswer, remedies: Remedies, wallTime: number): ApiError {
  const details = errorAnswerOf(answer, wallTime);
  const { status, fault, type, requestId } = details;
  const words = [`${request}: ${status}`, fault, requestId === undefined ? '' : `(${requestId})`];
  const said = words.filter((word) => word !== '').join(' ');
  if (/quota (?:has been )?(?:met|exceeded|reached)|over ?quota/i.test(`${type} ${fault}`)) {
    return new QuotaError(`${said}: delete some, or have an administrator raise the project's quota`, details);
  }
  // The last one comes as 500 (measured on Neutron 26.0.0).
  if (/^(?:IpAddressGenerationFailure|ExternalIpAddressExhausted|SubnetAllocationError)$/.test(type)) {
    return new AddressesExhaustedError(`${said}: delete what is not used, or have it enlarged`, details);
  }
  if (status === 401) return new UnauthorizedError(`${said}: ${remedies.unauthorized}`, details);
  if (status === 403) return new ForbiddenError(`${said}: ${remedies.forbidden}`, details);
  if (status === 404) return new NotFoundError(said, details);
  if (status === 409) {
    return /immutable|invalid state/i.test(fault)
      ? new ImmutableError(said, details)
      : new ConflictError(said, details);
  }
  if (status === 412) return new ChangedMeanwhileError(said, details);
  if (status === 429 || (status === 503 && /project busy/i.test(fault))) return new BusyError(said, details);
  if (status === 501) return new UnsupportedError(said, details);
  return status >= 500 || status === 408 ? new UnavailableError(said, details) : new BadRequestError(said, details);
}

function errorAnswerOf(answer: HttpAnswer, wallTime: number): ErrorAnswer {
  const requestId = headerOf(answer, 'x-openstack-request-id');
  const retryAfter = retryAfterOf(headerOf(answer, 'retry-after'), wallTime);
  const text = Buffer.from(answer.body).toString('utf8');
  return {
    status: answer.status,
    ...faultOf(text, headerOf(answer, 'location')),
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** The words of the service; those of anybody else, such as a proxy's page, are cut and quoted. */
function faultOf(text: string, location: string | undefined): Pick<ErrorAnswer, 'fault' | 'type'> {
  const body = parsed(text);
  if (body !== undefined) {
    // Neutron; Keystone and the middleware that checks tokens.
    for (const details of [body.NeutronError, body.error]) {
      if (isRecord(details)) return { fault: textOf(details.message), type: textOf(details.type) };
      if (typeof details === 'string') return { fault: details, type: '' };
    }
    // Octavia; Barbican.
    const fault = textOf(body.faultstring) || [body.title, body.description].map(textOf).filter(Boolean).join(': ');
    if (fault !== '') return { fault, type: '' };
  }
  if (location !== undefined) return { fault: `redirected to ${location}`, type: '' };
  const words = text.replace(/\s+/g, ' ').trim();
  return { fault: words === '' ? '' : JSON.stringify(words.slice(0, 200)), type: '' };
}

function parsed(text: string): JsonRecord | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** Retry-After in seconds or as an HTTP date (RFC 9110, 10.2.3), in milliseconds. */
function retryAfterOf(header: string | undefined, wallTime: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallTime);
}
