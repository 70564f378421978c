import { type Configuration, type ConfigurationValues, describeOrigin, type Option } from '@kuryr-l7/config';
import type { Logger } from '@kuryr-l7/kube';

/** Reads kuryr.conf once more. @throws ConfigurationFileError */
export type ReadAgain = () => ConfigurationValues;

/** What may have changed when kuryr.conf is read again. */
export interface LiveOptions {
  /** Those of the driver, which count as they are read last. */
  readonly changing: readonly Option[];
  /** Those that others have taken in at the start: they stay as they were then, for everybody. */
  readonly fixed: readonly Option[];
}

/**
 * The configuration as kuryr.conf was when it was last read, for a driver, which asks for its options whenever it opens
 * its router: so a wrong UUID or password is corrected in the file, and the next attempt goes on with it.
 */
export class LiveConfiguration implements Configuration {
  #current: Configuration;
  #problem = '';

  /** @param options changes of others are not told */
  constructor(
    private readonly initial: Configuration,
    private readonly options: LiveOptions,
    private readonly readAgain: ReadAgain | undefined,
    private readonly logger: Logger,
  ) {
    this.#current = initial;
  }

  get<T>(option: Option<T>): T {
    return (this.options.fixed.includes(option) ? this.initial : this.#current).get(option);
  }

  /** Takes in what the files say now. What can't be read, or has wrong values, is told once and changes nothing. */
  refresh(): void {
    if (this.readAgain === undefined) return;
    try {
      const next = this.readAgain();
      const { changing, fixed } = this.options;
      const last = this.#current;
      const isChanged = (option: Option) => !isSame(last.get(option), next.get(option));
      this.#current = next;
      this.#problem = '';
      // Names only: values may be secrets.
      const tell = (option: Option) =>
        `[${option.group}] ${option.name} has changed (${describeOrigin(next.origin(option))})`;
      for (const option of changing.filter(isChanged)) this.logger.info(tell(option));
      for (const option of fixed.filter(isChanged)) {
        if (isSame(this.initial.get(option), next.get(option))) continue;
        this.logger.warn(`${tell(option)}: it counts when the controller is started again`);
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
