import got, { type RequestError, TimeoutError } from 'got';
import { CertificateError, ConnectionError, NoAnswerError } from '../errors/connection-error.js';
import type { OpenStackError } from '../errors/openstack-error.js';
import { isRecord } from '../json.js';
import type { Agents } from './agents.js';
import type { HttpAnswer, HttpRequest } from './http-message.js';
import type { SilentServices } from './silent-services.js';

export interface HttpTimeouts {
  /** Milliseconds for name look-up, TCP and TLS, each. */
  readonly connect: number;
  /** Milliseconds for a whole request. */
  readonly request: number;
}

/** Sends one request and reads the answer. Follows no redirect, tries nothing again. */
export class HttpClient {
  constructor(
    private readonly agents: Agents,
    private readonly timeouts: HttpTimeouts,
    private readonly silentServices: SilentServices,
  ) {}

  /** @throws ConnectionError, CertificateError, NoAnswerError, CloudConfigurationError; the signal's reason */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return this.silentServices.watch(request, () => this.#send(request, signal));
  }

  async #send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { connect } = this.timeouts;
    const agent = await this.agents.current();
    signal.throwIfAborted();
    try {
      const response = await got(request.url, {
        method: request.method,
        headers: { accept: 'application/json', 'user-agent': 'kuryr-l7', ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        agent,
        signal,
        timeout: { lookup: connect, connect, secureConnect: connect, request: this.timeouts.request },
        responseType: 'buffer',
        retry: { limit: 0 },
        throwHttpErrors: false,
        followRedirect: false,
      });
      return { status: response.statusCode, headers: response.headers, body: response.rawBody };
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(request, error as RequestError);
    }
  }
}

/** got's own error is not kept as the cause: it holds the request with its token or password. */
function failureOf({ label, url }: HttpRequest, error: RequestError): OpenStackError {
  const { code } = error;
  const cause = Object.assign(new Error(error.message), { code });
  const remedy = CERTIFICATE_REMEDIES.find(([pattern]) => pattern.test(code))?.[1];
  if (remedy !== undefined)
    return new CertificateError(`${label}: no TLS with ${url.origin}: ${error.message}: ${remedy}`, { cause });
  if (isUnsent(error)) {
    return new ConnectionError(
      `${label}: ${url.origin} can't be reached (${error.message || code}): check that the service runs and that this address is right and open to us`,
      { cause },
    );
  }
  return new NoAnswerError(`${label}: no complete answer from ${url.origin} (${error.message || code})`, { cause });
}

/** Codes of Node.js and OpenSSL, with what can be done. */
const CERTIFICATE_REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^CERT_HAS_EXPIRED$/, "renew the service's certificate"],
  [/^CERT_NOT_YET_VALID$/, 'set the clock of this machine or of the service'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'the certificate is for another name: use that, or issue one for this name'],
  [/SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)/, 'give the authority that signed its certificate as cafile'],
  [/^ERR_SSL_.*ALERT/, 'the service refuses our client certificate: check certfile and keyfile'],
  [/^EPROTO$|^ERR_SSL_|^ERR_OSSL_|^CERT_/, 'check that this is an https address, and cafile, certfile and keyfile'],
];

/** Whether the request never left: no address, no connection. */
function isUnsent(error: RequestError): boolean {
  if (error instanceof TimeoutError) return ['lookup', 'connect', 'secureConnect'].includes(error.event);
  // The other side hung up in the handshake, as a plain HTTP server may.
  if (error.message.includes('before secure TLS connection was established')) return true;
  const { cause } = error;
  // Several addresses were tried.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  return isRecord(first) && (first.syscall === 'connect' || first.syscall === 'getaddrinfo');
}
