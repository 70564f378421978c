/** How a request ended: the class of the status sent, or `aborted` where the client left before there was one. */
export type Outcome = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'aborted';

const OUTCOMES: readonly Outcome[] = ['aborted', '1xx', '2xx', '3xx', '4xx', '5xx'];

export interface RequestCount {
  /** Listener key, e.g. `HTTP:8080`. */
  readonly listener: string;
  /** Absent where the router answered by itself. */
  readonly pool?: string;
  readonly outcome: Outcome;
  readonly count: number;
}

/** Counters since the router opened. Those of a pool go with it. */
export interface LocalRouterStatistics {
  readonly requests: readonly RequestCount[];
  /** Client connections open now, by listener key; WebSockets count too. */
  readonly activeConnections: Readonly<Record<string, number>>;
  /** Requests given to a member after another could not be connected to, or has closed its connection without an answer. */
  readonly retries: number;
}

/** Counts what the router does. One for each router. */
export class Statistics {
  readonly #requests = new Map<string | undefined, Map<string, number[]>>();
  readonly #activeConnections = new Map<string, number>();
  #retries = 0;

  /** `status` 0: the client left before there was an answer. */
  countRequest(listener: string, pool: string | undefined, status: number): void {
    const listeners = this.#requests.get(pool) ?? new Map<string, number[]>();
    const counts = listeners.get(listener) ?? OUTCOMES.map(() => 0);
    const index = Math.floor(status / 100);
    counts[index] = (counts[index] ?? 0) + 1;
    listeners.set(listener, counts);
    this.#requests.set(pool, listeners);
  }

  countRetry(): void {
    this.#retries++;
  }

  countConnection(listener: string, difference: 1 | -1): void {
    this.#activeConnections.set(listener, (this.#activeConnections.get(listener) ?? 0) + difference);
  }

  forgetPool(pool: string): void {
    this.#requests.delete(pool);
  }

  read(): LocalRouterStatistics {
    const requests: RequestCount[] = [];
    for (const [pool, listeners] of this.#requests) {
      for (const [listener, counts] of listeners) {
        OUTCOMES.forEach((outcome, index) => {
          const count = counts[index] ?? 0;
          if (count > 0) requests.push({ listener, ...(pool === undefined ? {} : { pool }), outcome, count });
        });
      }
    }
    return { requests, activeConnections: Object.fromEntries(this.#activeConnections), retries: this.#retries };
  }
}
