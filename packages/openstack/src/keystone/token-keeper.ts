import { reasonOf } from '../errors/reason-of.js';
import type { Logger } from '../logger.js';
import { abortable } from '../time/abortable.js';
import type { Clock } from '../time/clock.js';
import type { Token } from './token.js';

/** Keeps one token: asks for the next before it expires or when it is refused, once for all who need it. */
export class TokenKeeper {
  #token: Token | undefined;
  #pending: Promise<Token> | undefined;

  /** @param authenticate Asks Keystone for a token; is not called again before it settled. */
  constructor(
    private readonly authenticate: () => Promise<Token>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** A token that is good for a while. @throws what `authenticate` does; the signal's reason */
  async current(signal: AbortSignal): Promise<Token> {
    const token = this.#token;
    const now = this.clock.now();
    if (token !== undefined && now < token.renewAt) return token;
    try {
      return await this.#renewed(signal);
    } catch (error) {
      // While Keystone is away, work goes on with the token there is.
      if (signal.aborted || token === undefined || this.clock.now() >= token.expiresAt) throw error;
      this.logger.warn(`the token can't be renewed yet, and is used until it expires: ${reasonOf(error)}`);
      return token;
    }
  }

  /** A service refused `rejected`: the token that replaced it meanwhile, or a new one. */
  renew(rejected: Token, signal: AbortSignal): Promise<Token> {
    if (this.#token !== undefined && this.#token !== rejected) return Promise.resolve(this.#token);
    return this.#renewed(signal);
  }

  /** A token is of no use any more: who needs one next asks for another. */
  forget(useless: Token): void {
    if (this.#token === useless) this.#token = undefined;
  }

  /** Who gives up waiting does not end it for the others. */
  #renewed(signal: AbortSignal): Promise<Token> {
    this.#pending ??= this.authenticate()
      .then((token) => {
        this.#token = token;
        return token;
      })
      .finally(() => {
        this.#pending = undefined;
      });
    return abortable(this.#pending, signal);
  }
}
