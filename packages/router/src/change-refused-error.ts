import type { Change } from './change.js';
import { describeChange } from './plan/describe-change.js';

/** A change that a router with Octavia's rules answers with 4xx: what it names is not there, is in use or is in ERROR. */
export class ChangeRefusedError extends Error {
  readonly code = 'ERR_CHANGE_REFUSED';
  /** The same change is refused again until the router is another one. */
  readonly retryable = false;
  readonly change: Change;

  /** @param reason what stands against the change, and what to do first, as the end of a sentence */
  constructor(change: Change, reason: string, options?: ErrorOptions) {
    super(`cannot ${describeChange(change)}: ${reason}`, options);
    this.name = new.target.name;
    this.change = change;
  }
}
