import type { Logger } from '../logger.js';
import type { Clock } from '../time/clock.js';
import type { HttpAnswer, HttpRequest } from './http-message.js';

/**
 * Tells of services that take requests and leave them unanswered, long before such a request has failed: of each once,
 * until no such request waits any more and it answers again.
 */
export class SilentServices {
  /** Of each service that was told, the requests that have waited for too long and still do. */
  readonly #late = new Map<string, Set<HttpRequest>>();

  /** @param patience milliseconds that an answer may take */
  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
    private readonly patience: number,
  ) {}

  async watch(request: HttpRequest, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const cancel = this.clock.schedule(() => this.#isLate(request), this.patience);
    const settled = () => {
      cancel();
      this.#late.get(request.service)?.delete(request);
    };
    const answer = await send().finally(settled);
    this.#hasAnswered(request.service);
    return answer;
  }

  #isLate(request: HttpRequest): void {
    const { service, label, url } = request;
    const late = this.#late.get(service);
    if (late !== undefined) {
      late.add(request);
      return;
    }
    this.#late.set(service, new Set([request]));
    const text = `${label}: no answer from ${url.origin} for ${this.patience / 1_000} s; what needs ${service} waits`;
    this.logger.warn(text);
  }

  /** Some requests may go on to hang while others are answered. */
  #hasAnswered(service: string): void {
    if (this.#late.get(service)?.size !== 0) return;
    this.#late.delete(service);
    this.logger.info(`${service} answers again`);
  }
}
