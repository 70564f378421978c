import { type Configuration, type ConfigurationValues, describeOrigin, type Option } from '@kuryr-l7/config';
import type { Logger } from '@kuryr-l7/kube';

/** Reads kuryr.conf once more. @throws ConfigurationFileError */
export type ReadAgain = () => ConfigurationValues;

/**
 * The configuration as kuryr.conf was when it was last read, for a driver, which asks for its options whenever it opens
 * its router: so a wrong UUID or password is corrected in the file, and the next attempt goes on with it.
 */
export class LiveConfiguration implements Configuration {
  #current: Configuration;
  #problem = '';

  /** @param options those of the driver: changes of others are not told, as they need another start */
  constructor(
    initial: Configuration,
    private readonly options: readonly Option[],
    private readonly readAgain: ReadAgain | undefined,
    private readonly logger: Logger,
  ) {
    this.#current = initial;
  }

  get<T>(option: Option<T>): T {
    return this.#current.get(option);
  }

  /** Takes in what the files say now. What can't be read, or has wrong values, is told once and changes nothing. */
  refresh(): void {
    if (this.readAgain === undefined) return;
    try {
      const next = this.readAgain();
      const changed = this.options.filter((option) => !isSame(this.#current.get(option), next.get(option)));
      this.#current = next;
      this.#problem = '';
      // Names only: values may be secrets.
      for (const option of changed) {
        this.logger.info(`[${option.group}] ${option.name} has changed (${describeOrigin(next.origin(option))})`);
      }
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#problem) {
        this.logger.warn(`the configuration can't be read again, and is used as it was before: ${problem}`);
      }
      this.#problem = problem;
    }
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
