import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

const LEVELS = {
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'error',
} as const;

export interface LoggerLevel {
  /** Dotted name; it stands for the loggers below it too. */
  readonly logger: string;
  readonly level: (typeof LEVELS)[keyof typeof LEVELS];
}

/** `logger=LEVEL`, as in oslo.log's `default_log_levels`. */
export function loggerLevel(): OptionType<LoggerLevel> {
  return {
    name: 'string',
    parse(text) {
      const [logger, name] = text.split('=', 2).map((part) => part.trim());
      const level = Object.entries(LEVELS).find(([word]) => word === name)?.[1];
      if (!logger || level === undefined) {
        throw new Error(`${quoted(text)} is not logger=LEVEL with one of the levels ${Object.keys(LEVELS).join(', ')}`);
      }
      return { logger, level };
    },
    format: ({ logger, level }) => `${logger}=${level.toUpperCase()}`,
  };
}
