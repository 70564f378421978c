import { KuryrError } from '@kuryr-l7/plugin';
import got, { RequestError, TimeoutError } from 'got';

/** Milliseconds for an answer: a router that is being changed is waited for. */
const ANSWER_TIME = 60_000;
/** Milliseconds for a connection. */
const CONNECT_TIME = 5_000;

/** No controller answers where a command looks for it. */
class ControllerUnreachableError extends KuryrError {
  readonly code = 'ERR_CONTROLLER_UNREACHABLE';
  readonly retryable = true;
}

/** The controller answers too late. */
class ControllerBusyError extends KuryrError {
  readonly code = 'ERR_CONTROLLER_BUSY';
  readonly retryable = true;
}

/**
 * Asks the running controller, which knows the cluster and holds the router open.
 * @param answerTime milliseconds
 * @throws ControllerUnreachableError, ControllerBusyError naming the address, the reason and what to do
 */
export async function askController<T>(
  controllerUrl: string,
  page: string,
  query: readonly (readonly [string, string])[] = [],
  answerTime: number = ANSWER_TIME,
): Promise<T> {
  const url = new URL(page, controllerUrl);
  for (const [name, value] of query) url.searchParams.append(name, value);
  try {
    const timeout = { connect: CONNECT_TIME, request: answerTime };
    const response = await got(url, { retry: { limit: 0 }, timeout, throwHttpErrors: false });
    if (response.statusCode !== 200) {
      throw new ControllerUnreachableError(
        `The controller at ${controllerUrl} answers ${response.statusCode}: ${response.body.trim()}`,
      );
    }
    return JSON.parse(response.body) as T;
  } catch (cause) {
    if (cause instanceof KuryrError) throw cause;
    if (cause instanceof TimeoutError && cause.event !== 'connect') {
      throw new ControllerBusyError(
        `The controller at ${controllerUrl} runs and has not answered within ${answerTime / 1_000} s: it waits for its router. Ask again, or see 'kuryr-l7 status' and its log.`,
        { cause },
      );
    }
    const reason = cause instanceof RequestError ? cause.code : String(cause);
    throw new ControllerUnreachableError(
      `No controller answers at ${controllerUrl} (${reason}). Start one with 'kuryr-l7 run' or 'npm start', or name its health server with --controller URL.`,
      { cause },
    );
  }
}

/** For people, before an answer that is not of this moment. */
export function asOf(age: number): string {
  return `The router is being changed and could not be read now: this is how it was ${age} s ago.`;
}
