import type { CallOptions } from './call-options.js';

/**
 * The objects of one kind. Besides the errors named at each method, all throw what any request may (see
 * `errors/index.ts`): not authorised, forbidden, unavailable, no connection, an unreadable answer.
 */
export interface Collection<T, Create, Update, Filter> {
  /** All that the filter matches, page after page, in the order of the API (which is not that of positions). */
  list(filter?: Filter, options?: CallOptions): Promise<readonly T[]>;
  /** @throws NotFoundError */
  get(id: string, options?: CallOptions): Promise<T>;
  /**
   * @throws QuotaError, ConflictError, ImmutableError, BadRequestError;
   *   UnknownOutcomeError when it may have been made: look for it before making it again
   */
  create(fields: Create, options?: CallOptions): Promise<T>;
  /** Changes the given fields only. @throws NotFoundError, ImmutableError, BadRequestError, UnknownOutcomeError */
  update(id: string, fields: Update, options?: CallOptions): Promise<T>;
  /** @throws NotFoundError, ImmutableError, ConflictError (in use), UnknownOutcomeError */
  delete(id: string, options?: CallOptions): Promise<void>;
}
