import type { ServerResponse } from 'node:http';

/** A failure to be answered instead of the real answer. */
export interface PlannedAnswer {
  /** HTTP status, e.g. 500 or 429. */
  readonly status: number;
  /** Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/** Makes the server fail as servers do, for the tests of its clients. */
export class Faults {
  readonly #planned: PlannedAnswer[] = [];
  readonly #watches = new Set<ServerResponse>();
  readonly #muted = new WeakSet<ServerResponse>();
  #silent = false;
  #unanswered = 0;

  /** Answers the next `count` requests with this status. */
  answerNext(count: number, answer: PlannedAnswer): void {
    for (let index = 0; index < count; index += 1) this.#planned.push(answer);
  }

  /** Breaks the connection of every watch, in the middle of the stream; gives back how many there were. */
  dropWatches(): number {
    const watches = [...this.#watches];
    for (const response of watches) response.destroy();
    return watches.length;
  }

  /** Sends this text into every watch as if it were an event, e.g. garbage. */
  sendToWatches(text: string): void {
    for (const response of this.#watches) response.write(text);
  }

  /** From now on sends nothing and answers nobody, while connections stay open: half-open connections. */
  goSilent(): void {
    this.#silent = true;
    for (const response of this.#watches) this.#muted.add(response);
  }

  /** Answers new requests again; what was silent stays so. */
  speak(): void {
    this.#silent = false;
  }

  /** For the server: what to answer instead of the real answer; `silence` for nothing, ever. */
  interceptRequest(): PlannedAnswer | 'silence' | undefined {
    if (!this.#silent) return this.#planned.shift();
    this.#unanswered += 1;
    return 'silence';
  }

  /** For the server: a watch begins; it ends when the response is closed. */
  addWatch(response: ServerResponse): void {
    this.#watches.add(response);
    response.once('close', () => this.#watches.delete(response));
  }

  /** For the server: whether this watch has fallen silent. */
  isMuted(response: ServerResponse): boolean {
    return this.#muted.has(response);
  }

  /** How many requests were left without an answer. */
  get unansweredCount(): number {
    return this.#unanswered;
  }

  /** How many watches are open. */
  get watchCount(): number {
    return this.#watches.size;
  }
}
