import { EventEmitter, on } from 'node:events';

const KEPT_LINES = 500;

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly text: string;
}

/** What a Pod wrote: the newest lines, and those that follow until it ends. */
export class LogBuffer {
  readonly #lines: LogLine[] = [];
  readonly #events = new EventEmitter<{ line: [LogLine]; end: [] }>().setMaxListeners(0);
  #ended = false;

  append(text: string): void {
    const line = { time: Date.now(), text };
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#events.emit('line', line);
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** The lines from now on, until the Pod ends or the signal is aborted. */
  async *follow(signal: AbortSignal): AsyncIterable<LogLine> {
    if (this.#ended || signal.aborted) return;
    try {
      for await (const [line] of on(this.#events, 'line', { signal, close: ['end'] })) yield line as LogLine;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  end(): void {
    this.#ended = true;
    this.#events.emit('end');
  }
}
