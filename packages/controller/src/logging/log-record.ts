/** The levels of this project's loggers, the most urgent first, as winston numbers them. */
export const LEVELS = { error: 0, warn: 1, info: 2, debug: 3 } as const;

export type Level = keyof typeof LEVELS;

/** The names of Python's logging, which OpenStack's log tools know. */
export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  error: 'ERROR',
  warn: 'WARNING',
  info: 'INFO',
  debug: 'DEBUG',
};

/** What is logged at one time: what the formats turn into a line. */
export interface LogRecord {
  readonly level: Level;
  /** Dotted name of the logger. */
  readonly name: string;
  readonly time: Date;
  /** Without secrets. */
  readonly message: string;
  /** Plain JSON values without secrets. */
  readonly fields: Readonly<Record<string, unknown>>;
}
