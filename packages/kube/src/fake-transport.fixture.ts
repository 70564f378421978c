import type { HttpMethod, KubernetesTransport, Query, RequestOptions, StreamOptions } from './kubernetes-transport.js';

export interface SentRequest extends RequestOptions {
  readonly method: HttpMethod;
  readonly path: string;
}

/** A transport whose server is a function, and whose watches are in the test's hands. */
export class FakeTransport implements KubernetesTransport {
  readonly requests: SentRequest[] = [];
  readonly streams: FakeStream[] = [];
  /** Thrown by the next streams, in this order, instead of opening them. */
  readonly streamFailures: Error[] = [];
  droppedIdle = 0;

  constructor(private readonly respond: (request: SentRequest) => unknown) {}

  async requestJson(method: HttpMethod, path: string, options: RequestOptions = {}): Promise<unknown> {
    const { signal } = options;
    signal?.throwIfAborted();
    const request = { method, path, ...options };
    this.requests.push(request);
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
    });
    try {
      return await Promise.race([aborted, Promise.resolve().then(() => this.respond(request))]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async *stream(path: string, { query, signal, onOpen }: StreamOptions): AsyncIterable<Uint8Array> {
    signal.throwIfAborted();
    const stream = new FakeStream(path, query ?? {}, signal);
    this.streams.push(stream);
    const failure = this.streamFailures.shift();
    if (failure !== undefined) throw failure;
    onOpen?.();
    yield* stream;
  }

  dropIdleConnections(): void {
    this.droppedIdle += 1;
  }

  close(): void {}

  /** The watch that was opened last. */
  get watch(): FakeStream {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error('no watch was opened');
    return stream;
  }
}

export class FakeStream implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #error: unknown;
  #wake = (): void => {};

  constructor(
    readonly path: string,
    readonly query: Query,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.fail(signal.reason));
  }

  /** Sends a chunk as it is. */
  send(chunk: string | Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk));
    this.#wake();
  }

  event(type: string, object: unknown): void {
    this.send(`${JSON.stringify({ type, object })}\n`);
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#error ??= error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (this.signal.aborted) throw this.signal.reason;
      if (chunk !== undefined) yield chunk;
      else if (this.#error !== undefined) throw this.#error;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
