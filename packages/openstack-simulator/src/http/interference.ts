import type { ApiRequest } from './exchange.js';

/** Whether the request takes effect before it fails. A real cloud does both: a gateway's 5xx may come after the change. */
export type FailureMoment = 'before' | 'after';

export interface Failure {
  /** Status of the answer, or `drop` to break the connection without one. */
  readonly answer: number | 'drop';
  /** Text of the error. Default: one that says that it was ordered. */
  readonly message?: string;
  /** Default: `before`. */
  readonly moment?: FailureMoment;
  /** How many requests fail; the rest are not touched. Default: 1. */
  readonly count?: number;
  /** Which requests count. Default: all that are not GET. */
  readonly matches?: (request: Pick<ApiRequest, 'method' | 'path' | 'body'>) => boolean;
}

/** Octavia's answer while another request holds the project's quota lock. */
export const PROJECT_BUSY: Pick<Failure, 'answer' | 'message'> = {
  answer: 503,
  message: 'Project busy.  Unable to lock the project.  Please try again.',
};

/** What a test orders to go wrong with a service's requests. */
export class Interference {
  readonly #failures: { failure: Failure; left: number }[] = [];

  /** Lets requests fail, in the order in which failures were ordered. */
  fail(failure: Failure): void {
    this.#failures.push({ failure, left: failure.count ?? 1 });
  }

  /** Takes back what was ordered and has not happened yet. */
  reset(): void {
    this.#failures.length = 0;
  }

  /** The failure meant for this request, which uses it up. */
  take(request: ApiRequest): Failure | undefined {
    const ordered = this.#failures.find(({ failure, left }) => left > 0 && (failure.matches ?? isWrite)(request));
    if (ordered === undefined) return undefined;
    ordered.left--;
    return ordered.failure;
  }
}

function isWrite({ method }: Pick<ApiRequest, 'method'>): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
