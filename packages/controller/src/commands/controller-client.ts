import { KuryrError } from '@kuryr-l7/plugin';
import got, { RequestError } from 'got';

/** No controller answers where a command looks for it. */
class ControllerUnreachableError extends KuryrError {
  readonly code = 'ERR_CONTROLLER_UNREACHABLE';
  readonly retryable = true;
}

/**
 * Asks the running controller, which knows the cluster and holds the router open.
 * @throws ControllerUnreachableError naming the address, the reason and what to do
 */
export async function askController<T>(
  controllerUrl: string,
  page: string,
  query: readonly (readonly [string, string])[] = [],
): Promise<T> {
  const url = new URL(page, controllerUrl);
  for (const [name, value] of query) url.searchParams.append(name, value);
  try {
    const response = await got(url, { retry: { limit: 0 }, timeout: { request: 30_000 }, throwHttpErrors: false });
    if (response.statusCode !== 200) {
      throw new ControllerUnreachableError(
        `The controller at ${controllerUrl} answers ${response.statusCode}: ${response.body.trim()}`,
      );
    }
    return JSON.parse(response.body) as T;
  } catch (cause) {
    if (cause instanceof KuryrError) throw cause;
    const reason = cause instanceof RequestError ? cause.code : String(cause);
    throw new ControllerUnreachableError(
      `No controller answers at ${controllerUrl} (${reason}). Start one with 'kuryr-l7 run' or 'npm start', or name its health server with --controller URL.`,
      { cause },
    );
  }
}
