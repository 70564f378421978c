import { randomUUID } from 'node:crypto';
import type { CallOptions } from '../api/call-options.js';
import { ForbiddenError, UnauthorizedError } from '../errors/api-error.js';
import { apiErrorOf, type Remedies } from '../errors/api-error-of.js';
import type { ServiceType } from '../keystone/keystone-session.js';
import { productOf } from '../keystone/service-catalog.js';
import type { Token } from '../keystone/token.js';
import { underSignals } from '../time/abortable.js';
import type { Connection } from './connection.js';
import { type HttpAnswer, type HttpMethod, headerOf, timeOf } from './http-message.js';
import { withKnownOutcome } from './known-outcome.js';
import { setQuery } from './query.js';
import { withRetries } from './retry.js';
import { ServiceAnswer } from './service-answer.js';

export interface ServiceRequest extends CallOptions {
  /** Parameters; `undefined` ones are left out. */
  readonly query?: object;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly accept?: string;
  /** The object is changed only as it is by this, e.g. `revision_number=3`. */
  readonly ifMatch?: string;
}

/** A request with all that stays the same when it is sent again. */
interface Call<T> {
  /** For people, e.g. `Octavia GET /v2/lbaas/pools`. */
  readonly label: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly request: ServiceRequest;
  readonly read: (answer: ServiceAnswer) => T;
}

/** Role that a user needs who changes things, as the services come. */
const ROLES: Readonly<Record<ServiceType, string>> = {
  'load-balancer': 'load-balancer_member',
  network: 'member',
  'key-manager': 'creator',
};

/**
 * Requests to one service with our token. A GET is tried again where that may help, a change never: what may have been
 * done is an UnknownOutcomeError; each that was made is logged. A token that is refused is renewed, and the request, which
 * was not even looked at, sent once more.
 */
export class ServiceClient {
  #answeredAt: number | undefined;

  constructor(
    private readonly service: ServiceType,
    private readonly connection: Connection,
  ) {}

  /**
   * When the service gave its last answer, by its own clock (the `Date` of HTTP: whole seconds), in milliseconds since the
   * epoch. Undefined before the first answer, and where the last one tells no time.
   */
  get answeredAt(): number | undefined {
    return this.#answeredAt;
  }

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
    const call = { label: `${productOf(this.service)} ${method} ${path}`, method, path, request, read };
    return underSignals([closing, request.signal], async (signal) => {
      const token = await session.tokens.current(signal);
      try {
        return await this.#exchange(call, token, signal);
      } catch (error) {
        // A token has the roles of when it was given: one that is added later comes with the next.
        if (error instanceof ForbiddenError && !token.identity.roles.includes(ROLES[this.service])) {
          session.tokens.forget(token);
        }
        if (!(error instanceof UnauthorizedError)) throw error;
        return this.#exchange(call, await session.tokens.renew(token, signal), signal);
      }
    });
  }

  #exchange<T>(call: Call<T>, token: Token, signal: AbortSignal): Promise<T> {
    const { label, method, path, request, read } = call;
    const { session, retry } = this.connection;
    const url = session.endpointFor(this.service, token);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    setQuery(url, request.query);
    const attempt = async (): Promise<T> => {
      const answer = await this.#send(call, url, token, signal);
      this.#answeredAt = timeOf(answer);
      if (answer.status >= 300) throw apiErrorOf(label, answer, this.#remedies(token), retry.clock.wallTime());
      const requestId = headerOf(answer, 'x-openstack-request-id');
      const result = read(new ServiceAnswer(requestId === undefined ? label : `${label} (${requestId})`, answer.body));
      if (method !== 'GET') retry.logger.info(`${label}: ${answer.status}`, { id: idOf(result), request: requestId });
      return result;
    };
    return method === 'GET' ? withRetries(attempt, signal, retry) : withKnownOutcome(attempt);
  }

  #send(call: Call<unknown>, url: URL, token: Token, signal: AbortSignal): Promise<HttpAnswer> {
    const { body, accept, ifMatch } = call.request;
    // Services write this id into their logs beside their own, so that a request without an answer can be found there.
    const globalRequestId = `req-${randomUUID()}`;
    const request = {
      service: productOf(this.service),
      label: `${call.label} (${globalRequestId})`,
      method: call.method,
      url,
      headers: {
        'x-auth-token': token.value,
        'x-openstack-request-id': globalRequestId,
        ...(accept === undefined ? {} : { accept }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    return this.connection.slots.run(signal, () => this.connection.http.send(request, signal));
  }

  /** Messages reach Events, which all users of a cluster read: names of users and projects of the cloud are not in them. */
  #remedies({ identity }: Token): Remedies {
    const { roles } = identity;
    const role = ROLES[this.service];
    return {
      unauthorized: `${productOf(this.service)} refuses a token that Keystone has just given: check [keystone_authtoken] of the service, and the clocks`,
      forbidden: roles.includes(role)
        ? 'it is of another project than that of [neutron], or for administrators only'
        : `the user of [neutron] lacks the role ${role} in its project, where it has ${roles.join(', ') || 'none'}: have an administrator add it`,
    };
  }
}

/** Of what a change has made, which its path does not tell; of several the ids, of tags nothing. */
function idOf(result: unknown): unknown {
  if (Array.isArray(result)) {
    const ids = result.map(idOf).filter((id) => id !== undefined);
    return ids.length > 0 ? ids : undefined;
  }
  return typeof result === 'object' && result !== null && 'id' in result ? result.id : undefined;
}
