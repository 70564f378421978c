import { KuryrError } from '@kuryr-l7/plugin';

/** What the command line asks of the playground can't be had; found before anything starts. */
export class PlaygroundStartError extends KuryrError {
  readonly code = 'ERR_PLAYGROUND_START';
  readonly retryable = false;
}
