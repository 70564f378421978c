/** Requests of one method and route. */
export interface TrafficEntry {
  readonly method: string;
  /** The route's pattern, e.g. `/v2/lbaas/pools/:pool/members`. */
  readonly route: string;
  readonly count: number;
}

/** One request that was answered, or whose connection was dropped (status 0). */
export interface RecordedRequest {
  readonly method: string;
  /** Path with query, as sent. */
  readonly path: string;
  readonly status: number;
}

/** Counts what a service was asked. */
export class Traffic {
  readonly #entries = new Map<string, { method: string; route: string; count: number }>();
  readonly #log: RecordedRequest[] = [];

  record(route: string, request: RecordedRequest): void {
    const key = `${request.method} ${route}`;
    const entry = this.#entries.get(key) ?? { method: request.method, route, count: 0 };
    entry.count++;
    this.#entries.set(key, entry);
    this.#log.push(request);
  }

  /** GET requests. */
  get reads(): number {
    return this.#count((method) => method === 'GET' || method === 'HEAD');
  }

  /** All others. */
  get writes(): number {
    return this.#count((method) => method !== 'GET' && method !== 'HEAD');
  }

  /** By method and route, in the order of the first request of each. */
  get entries(): readonly TrafficEntry[] {
    return [...this.#entries.values()].map((entry) => ({ ...entry }));
  }

  /** Every request, in order. */
  get requests(): readonly RecordedRequest[] {
    return [...this.#log];
  }

  reset(): void {
    this.#entries.clear();
    this.#log.length = 0;
  }

  #count(counts: (method: string) => boolean): number {
    return [...this.#entries.values()].reduce((sum, { method, count }) => sum + (counts(method) ? count : 0), 0);
  }
}
