import type { LoggerLevel } from '@kuryr-l7/config';
import { LEVELS, type Level } from './log-record.js';

/** The level of each logger: that of the longest name in default_log_levels which the logger's begins with, or the general one. */
export class LogLevels {
  readonly #byName: ReadonlyMap<string, Level>;

  constructor(
    readonly general: Level,
    levels: readonly LoggerLevel[],
  ) {
    this.#byName = new Map(levels.map(({ logger, level }) => [logger, level]));
  }

  isEnabled(level: Level, name: string): boolean {
    return LEVELS[level] <= LEVELS[this.#of(name)];
  }

  #of(name: string): Level {
    for (let prefix = name; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')))) {
      const level = this.#byName.get(prefix);
      if (level !== undefined) return level;
    }
    return this.general;
  }
}
