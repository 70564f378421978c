import { randomUUID } from 'node:crypto';
import { AnswerReader } from '../answer/answer-reader.js';
import { parseJson } from '../answer/parse-json.js';
import type { CallOptions } from '../api/call-options.js';
import { AnswerError } from '../errors/answer-error.js';
import { UnauthorizedError, UnavailableError } from '../errors/api-error.js';
import { apiErrorOf, type Remedies } from '../errors/api-error-of.js';
import { NoAnswerError } from '../errors/connection-error.js';
import { UnknownOutcomeError } from '../errors/unknown-outcome-error.js';
import type { ServiceType } from '../keystone/keystone-session.js';
import { productOf } from '../keystone/service-catalog.js';
import type { Token } from '../keystone/token.js';
import type { TokenSession } from '../keystone/token-session.js';
import { underSignals } from '../time/abortable.js';
import type { HttpClient } from './http-client.js';
import { type HttpAnswer, type HttpMethod, headerOf } from './http-message.js';
import { setQuery } from './query.js';
import type { RequestSlots } from './request-slots.js';
import { type RetryOptions, withRetries } from './retry.js';

/** What the clients of one cloud share. */
export interface Connection {
  readonly session: TokenSession;
  readonly http: HttpClient;
  readonly slots: RequestSlots;
  readonly retry: RetryOptions;
  /** Aborted when the cloud is closed. */
  readonly closing: AbortSignal;
}

export interface ServiceRequest extends CallOptions {
  /** Parameters; `undefined` ones are left out. */
  readonly query?: object;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly accept?: string;
}

/** A good answer. */
export class ServiceAnswer {
  constructor(
    private readonly request: string,
    readonly body: Uint8Array,
  ) {}

  /** The JSON object of the answer. @throws AnswerError */
  reader(): AnswerReader {
    return AnswerReader.of(parseJson(this.request, this.body), this.request);
  }
}

/** Role that a user needs who changes things, as the services come. */
const ROLES: Readonly<Record<ServiceType, string>> = {
  'load-balancer': 'load-balancer_member',
  network: 'member',
  'key-manager': 'creator',
};

/**
 * Requests to one service with our token. A GET is tried again where that may help, a change never: what may have been
 * done is an {@link UnknownOutcomeError}. A token that is refused is renewed, and the request, which was not even looked
 * at, sent once more.
 */
export class ServiceClient {
  constructor(
    private readonly service: ServiceType,
    private readonly connection: Connection,
  ) {}

  /**
   * @param path Below the service's address, e.g. `/v2/lbaas/pools`.
   * @param read Takes from the answer what is wanted; an answer to a change that it can't read leaves its outcome unknown.
   */
  request<T>(
    method: HttpMethod,
    path: string,
    request: ServiceRequest,
    read: (answer: ServiceAnswer) => T,
  ): Promise<T> {
    const { session, closing } = this.connection;
    return underSignals([closing, request.signal], async (signal) => {
      const send = (token: Token) => this.#exchange(method, path, request, read, token, signal);
      const token = await session.tokens.current(signal);
      try {
        return await send(token);
      } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error;
        return send(await session.tokens.renew(token, signal));
      }
    });
  }

  #exchange<T>(
    method: HttpMethod,
    path: string,
    request: ServiceRequest,
    read: (answer: ServiceAnswer) => T,
    token: Token,
    signal: AbortSignal,
  ): Promise<T> {
    const { session, retry } = this.connection;
    const url = session.endpointFor(this.service, token);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    setQuery(url, request.query);
    const label = this.#label(method, path);
    const attempt = async (): Promise<T> => {
      const answer = await this.#send(method, label, url, request, token, signal);
      if (answer.status >= 300) throw apiErrorOf(label, answer, this.#remedies(token), retry.clock.wallTime());
      return read(new ServiceAnswer(`${label}${requestIdOf(answer)}`, answer.body));
    };
    return method === 'GET' ? withRetries(attempt, signal, retry) : withKnownOutcome(attempt);
  }

  #send(
    method: HttpMethod,
    label: string,
    url: URL,
    { body, accept }: ServiceRequest,
    token: Token,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    // Services write this id into their logs beside their own, so that a request without an answer can be found there.
    const globalRequestId = `req-${randomUUID()}`;
    const headers = {
      'x-auth-token': token.value,
      'x-openstack-request-id': globalRequestId,
      ...(accept === undefined ? {} : { accept }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = { label: `${label} (${globalRequestId})`, method, url, headers, ...content };
    return this.connection.slots.run(signal, () => this.connection.http.send(request, signal));
  }

  #label(method: HttpMethod, path: string): string {
    return `${productOf(this.service)} ${method} ${path}`;
  }

  #remedies({ identity }: Token): Remedies {
    const { userName, projectName = '(none)', roles } = identity;
    const role = ROLES[this.service];
    return {
      unauthorized: `${productOf(this.service)} refuses a token that Keystone has just given: check [keystone_authtoken] of the service, and the clocks`,
      forbidden: roles.includes(role)
        ? `it is of another project than ${projectName}, or for administrators only`
        : `user ${userName} lacks the role ${role} in project ${projectName}, where it has ${roles.join(', ') || 'none'}: have an administrator add it`,
    };
  }
}

async function withKnownOutcome<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const unknown = [NoAnswerError, UnavailableError, AnswerError].some((kind) => error instanceof kind);
    if (!unknown || !(error instanceof Error)) throw error;
    throw new UnknownOutcomeError(
      `${error.message}: it may have been done all the same: look before sending it again`,
      {
        cause: error,
      },
    );
  }
}

function requestIdOf(answer: HttpAnswer): string {
  const requestId = headerOf(answer, 'x-openstack-request-id');
  return requestId === undefined ? '' : ` (${requestId})`;
}
