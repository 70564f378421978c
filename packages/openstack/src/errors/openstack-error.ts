/**
 * Root of this package's errors. `code` is stable; `retryable` says whether the same call may succeed later with nothing
 * changed on our side, be it that somebody repairs the cloud meanwhile.
 */
export abstract class OpenStackError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
