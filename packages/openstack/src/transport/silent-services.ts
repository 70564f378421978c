import type { Logger } from '../logger.js';
import type { Clock } from '../time/clock.js';
import type { HttpAnswer, HttpRequest } from './http-message.js';

/**
 * Tells of services that take requests and leave them unanswered, long before such a request has failed: of each once,
 * until it answers again.
 */
export class SilentServices {
  readonly #silent = new Set<string>();

  /** @param patience milliseconds that an answer may take */
  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
    private readonly patience: number,
  ) {}

  async watch(request: HttpRequest, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const { service } = request;
    const cancel = this.clock.schedule(() => this.#isLate(request), this.patience);
    try {
      const answer = await send();
      if (this.#silent.delete(service)) this.logger.info(`${service} answers again`);
      return answer;
    } finally {
      cancel();
    }
  }

  #isLate({ service, label, url }: HttpRequest): void {
    if (this.#silent.has(service)) return;
    this.#silent.add(service);
    const text = `${label}: no answer from ${url.origin} for ${this.patience / 1_000} s; what needs ${service} waits`;
    this.logger.warn(text);
  }
}
