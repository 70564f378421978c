import { KubernetesError } from './errors.js';
import { isRecord } from './json.js';

interface ApiErrorDetails {
  readonly status: number;
  /** `reason` of the Status object, e.g. `Conflict`, `Expired`; `''` when the server gave none. */
  readonly reason: string;
  /** Seconds that the server asks to wait, from Retry-After or the Status object. */
  readonly retryAfter?: number;
  /** `reason` of each of the Status object's causes, e.g. `ResourceVersionTooLarge`. */
  readonly causes?: readonly string[];
}

/** The API server answered with an error status. */
export class KubernetesApiError extends KubernetesError {
  readonly code = 'ERR_KUBERNETES_API';
  readonly status: number;
  readonly reason: string;
  readonly retryAfter: number | undefined;
  readonly causes: readonly string[];

  constructor(message: string, details: ApiErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.status = details.status;
    this.reason = details.reason;
    this.retryAfter = details.retryAfter;
    this.causes = details.causes ?? [];
  }

  /**
   * A busy or failing server, and 401 because tokens are renewed. Not 409: what was sent is out of date; nor 410: that
   * resourceVersion or continue token does not come back.
   */
  get retryable(): boolean {
    return this.status >= 500 || this.status === 408 || this.status === 429 || this.status === 401;
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }

  /** The object changed since it was read (not: it exists already). */
  get isConflict(): boolean {
    return this.status === 409 && this.reason !== 'AlreadyExists';
  }

  /** The resourceVersion or continue token is too old. */
  get isExpired(): boolean {
    return this.status === 410 || this.reason === 'Expired' || this.reason === 'Gone';
  }

  /**
   * Reads a Status object; a body that is none (a proxy's page) is cut and quoted.
   *
   * @param request For people, e.g. `GET /api/v1/pods`.
   */
  static fromStatus(request: string, httpStatus: number, body: unknown, retryAfterHeader?: string): KubernetesApiError {
    const status = isRecord(body) ? body : {};
    const details = isRecord(status.details) ? status.details : {};
    const code = typeof status.code === 'number' ? status.code : httpStatus;
    const reason = typeof status.reason === 'string' ? status.reason : '';
    const text = typeof status.message === 'string' ? status.message : quoted(body);
    const causes = Array.isArray(details.causes) ? details.causes : [];
    const retryAfter = retryAfterSeconds(retryAfterHeader) ?? positive(details.retryAfterSeconds);
    return new KubernetesApiError(`${request}: ${[code, reason, text].filter((part) => part !== '').join(' ')}`, {
      status: code,
      reason,
      causes: causes.filter(isRecord).map((cause) => String(cause.reason ?? '')),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }
}

/** Retry-After in seconds or as an HTTP date (RFC 9110, 10.2.3). */
function retryAfterSeconds(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function quoted(body: unknown): string {
  return typeof body === 'string' ? JSON.stringify(body.slice(0, 200)) : '';
}
