import type { IncomingMessage, ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import { ApiError, badRequest, internalError } from './api-error.js';
import type { User } from './authentication.js';
import { negotiate, type Representation } from './representation.js';
import { readBody } from './request-body.js';

/** One request and its answer. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly #warnings: string[] = [];
  #user: User | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
    this.method = request.method ?? 'GET';
    // URL would resolve dots and decode; names must reach the router as they were sent.
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.query = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
  }

  get user(): User {
    return this.#user ?? { name: 'system:anonymous', groups: ['system:unauthenticated'] };
  }

  get userAgent(): string {
    return this.request.headers['user-agent'] ?? '';
  }

  authenticated(user: User): void {
    this.#user = user;
  }

  /** What the client accepts. Throws an ApiError (406). */
  get representation(): Representation {
    return negotiate(this.request.headers.accept);
  }

  /** Sent in the header of the answer. */
  warn(text: string): void {
    this.#warnings.push(text);
  }

  body(accepted?: readonly string[]): Promise<unknown> {
    return readBody(this.request, accepted);
  }

  /** The body of a request that must have one. */
  async requiredBody(accepted?: readonly string[]): Promise<unknown> {
    const body = await this.body(accepted);
    if (body === undefined) throw badRequest('the request has no body');
    return body;
  }

  send(status: number, value: unknown, representation: Representation = this.representation): void {
    const text = representation.notation === 'yaml' ? stringify(value) : `${JSON.stringify(value)}\n`;
    this.sendText(status, text, representation.contentType);
  }

  sendText(status: number, text: string, contentType = 'text/plain; charset=utf-8'): void {
    this.response.writeHead(status, { ...this.headers(contentType), 'Content-Length': Buffer.byteLength(text) });
    this.response.end(text);
  }

  sendError(error: unknown): void {
    const { status } =
      error instanceof ApiError ? error : internalError(error instanceof Error ? error.message : String(error));
    if (this.response.headersSent) {
      this.response.destroy();
      return;
    }
    const { retryAfterSeconds } = status.details ?? {};
    if (retryAfterSeconds !== undefined) this.response.setHeader('Retry-After', String(retryAfterSeconds));
    // A Status is sent as JSON to whoever accepts nothing else that can be written here.
    this.sendText(status.code, `${JSON.stringify(status)}\n`, 'application/json');
  }

  headers(contentType: string): Record<string, string | string[]> {
    return {
      'Content-Type': contentType,
      'Cache-Control': 'no-cache, private',
      ...(this.#warnings.length === 0 ? {} : { Warning: this.#warnings.map(warningHeader) }),
    };
  }
}

/** RFC 7234, 5.5, with code 299 (miscellaneous persistent warning) and no agent. A header holds printable ASCII only. */
function warningHeader(text: string): string {
  return `299 - "${text.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, '?')}"`;
}
