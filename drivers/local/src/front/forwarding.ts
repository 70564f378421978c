import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { LivePool } from '../pool/live-pool.js';
import type { Statistics } from '../statistics.js';
import { answer } from './answer.js';
import type { ClientConnection, Exchange } from './client-connection.js';
import { requestHeaders, responseTrailers } from './forwarded-headers.js';
import { MemberChoice } from './member-choice.js';
import type { RequestTarget } from './request-target.js';
import { writeResponseHead } from './response-head.js';

/** Of the idempotent methods, those that are safe too and have no body as a rule. */
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface ForwardingOptions {
  readonly target: RequestTarget;
  readonly connection: ClientConnection;
  readonly pool: LivePool;
  readonly statistics: Statistics;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
}

/**
 * One request on its way to a member of a pool and the answer on its way back, both streamed. A member that can't be
 * connected to is replaced by another: nothing has been sent yet. Once something has been sent, it is sent again in one
 * case only, and once: a GET, HEAD or OPTIONS without a body whose connection was closed before any answer, as happens
 * when a member closes a kept connection at that very moment (RFC 9110 section 9.2.2 allows it for idempotent methods).
 * undici takes a `100 Continue` that nobody asked for as a failure of the member: 502.
 */
export class Forwarding implements Exchange, Dispatcher.DispatchHandler {
  readonly request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: ForwardingOptions;
  readonly #dispatch: Dispatcher.DispatchOptions;
  readonly #body: PassThrough | undefined;
  readonly #members: MemberChoice;
  #controller: Dispatcher.DispatchController | undefined;
  #clientLeft = false;
  #bodyStarted = false;
  #repeated = false;
  #ended = false;

  constructor(request: IncomingMessage, response: ServerResponse, options: ForwardingOptions) {
    this.request = request;
    this.#response = response;
    // Only ever says that the client is gone, which its connection has told already.
    response.on('error', () => {});
    this.#options = options;
    this.#members = new MemberChoice(options.pool, options.connection.address, options.statistics);
    this.#body = hasBody(request) ? detachedBody(request) : undefined;
    this.#dispatch = {
      method: request.method ?? 'GET',
      path: options.target.path + options.target.query,
      headers: requestHeaders(request, options.target.host, options.connection),
      body: this.#body ?? null,
    };
  }

  start(): void {
    this.#options.connection.begin(this);
    this.#tryNext();
  }

  clientLeft(): void {
    this.#clientLeft = true;
    this.#body?.destroy();
    this.#controller?.abort(new Error('The client left.'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#clientLeft) controller.abort(new Error('The client left.'));
    else if (this.#options.expectsContinue) this.#response.writeContinue();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusMessage?: string,
  ): void {
    if (status < 200) return;
    if (this.#options.connection.listener.closing) this.#response.shouldKeepAlive = false;
    writeResponseHead(this.#response, status, statusMessage, headers);
    // A head that came with its body leaves in one packet with it; one that came alone (an event stream's) does not wait.
    process.nextTick(() => {
      if (!this.#bodyStarted && !this.#ended) this.#response.flushHeaders();
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bodyStarted = true;
    if (this.#response.write(chunk)) return;
    controller.pause();
    this.#response.once('drain', () => controller.resume());
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    // Each call replaces what the one before has added.
    this.#response.addTrailers(responseTrailers(trailers));
    this.#response.end();
    this.#end(this.#response.statusCode);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#clientLeft) {
      this.#end(this.#response.headersSent ? this.#response.statusCode : 0);
    } else if (this.#response.headersSent) {
      this.#response.destroy();
      this.#end(this.#response.statusCode);
    } else if (this.#controller !== undefined && this.#mayRepeat(error)) {
      this.#repeat();
    } else if (this.#controller !== undefined) {
      this.#fail(codeOf(error) === 'UND_ERR_HEADERS_TIMEOUT' ? 504 : 502);
    } else if (codeOf(error) === 'UND_ERR_INVALID_ARG') {
      this.#fail(400);
    } else {
      this.#couldNotConnect();
    }
  }

  #couldNotConnect(): void {
    this.#members.couldNotConnect();
    this.#tryNext();
  }

  /** Whether the connection was closed before an answer to a request that may be sent twice, and has been sent once. */
  #mayRepeat(error: Error): boolean {
    const { method } = this.#dispatch;
    return !this.#repeated && this.#body === undefined && IDEMPOTENT_METHODS.has(method) && isConnectionClosed(error);
  }

  #repeat(): void {
    this.#repeated = true;
    this.#controller = undefined;
    this.#members.brokeOff();
    // By then the other connections that the member has closed at the same time are known to be closed.
    setImmediate(() => this.#tryNext());
  }

  #tryNext(): void {
    const member = this.#members.next();
    if (member === undefined) this.#fail(503);
    else member.dispatch(this.#dispatch, this);
  }

  /** The router answers in the member's place. */
  #fail(status: number): void {
    try {
      answer(this.#response, { status });
    } catch {
      this.#response.destroy();
    }
    this.#end(status);
  }

  #end(status: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#members.release();
    this.#body?.destroy();
    const { connection, pool, statistics } = this.#options;
    connection.end(this);
    statistics.countRequest(connection.listener.key, pool.name, status);
  }
}

/**
 * By undici's error, or by the socket's. That of an answer which is not HTTP has the same code as that of a connection
 * closed by the member, but another message.
 */
function isConnectionClosed(error: Error): boolean {
  const code = codeOf(error);
  return (
    code === 'ECONNRESET' || code === 'EPIPE' || (code === 'UND_ERR_SOCKET' && error.message === 'other side closed')
  );
}

/** RFC 9112 section 6.3: a request has a body exactly if one of the two fields announces one. */
function hasBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && Number(length) > 0);
}

/**
 * The body as a stream that undici may destroy without destroying the client's connection with it. What the member does
 * not want any more is read and dropped: a client that still sends would not see the answer otherwise.
 */
function detachedBody(request: IncomingMessage): PassThrough {
  const body = new PassThrough();
  body.on('error', () => {});
  body.once('close', () => {
    request.unpipe(body);
    request.resume();
  });
  request.pipe(body);
  return body;
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}
