import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { types } from 'node:util';
import {
  type Configuration,
  DEBUG,
  DEFAULT_LOG_LEVELS,
  LOG_DATE_FORMAT,
  LOG_DIR,
  LOG_FILE,
  USE_JSON,
  USE_STDERR,
} from '@kuryr-l7/config';
import type { Logger } from '@kuryr-l7/kube';
import { ConfigurationError } from '@kuryr-l7/plugin';
import winston from 'winston';
import { jsonLine } from './json-line.js';
import { LogFile } from './log-file.js';
import { LogLevels } from './log-levels.js';
import { LEVELS, type Level, type LogRecord } from './log-record.js';
import { redacted, redactedText } from './redaction.js';
import { textLine } from './text-line.js';

/** Where log lines go and signals come from; tests give their own. */
export interface LoggerStreams {
  /** Default: `process.stderr`. */
  readonly stderr?: Writable;
  /** Sends `SIGHUP`. Default: `process`; it is listened to only where there is a log file. */
  readonly signals?: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
}

export interface NamedLogger extends Logger {
  /** A logger below this one, e.g. `kuryr.writer` of the root logger. */
  child(name: string): NamedLogger;
}

export interface RootLogger extends NamedLogger {
  /** Waits until every line is written, and lets go of the log file. What is logged afterwards is dropped. */
  close(): Promise<void>;
}

const ROOT_NAME = 'kuryr';

/**
 * The log as `[DEFAULT]` of kuryr.conf wants it, written by winston. Fields named like a secret (token, password, secret,
 * authorization, key) are shown as `***`, whatever they hold.
 * @throws ConfigurationError where log_file cannot be opened
 */
export function createLogger(configuration: Configuration, streams: LoggerStreams = {}): RootLogger {
  const stderr = streams.stderr ?? process.stderr;
  const signals = streams.signals ?? process;
  const file = openLogFile(configuration, stderr);
  const dateFormat = configuration.get(LOG_DATE_FORMAT);
  const line = configuration.get(USE_JSON) ? jsonLine : (record: LogRecord) => textLine(record, dateFormat);
  const destinations = [
    ...(file === undefined ? [] : [file]),
    ...(file === undefined || configuration.get(USE_STDERR) ? [stderr] : []),
  ];
  const writer = winston.createLogger({
    levels: LEVELS,
    level: 'debug',
    format: winston.format.printf(({ record }) => line(record as LogRecord)),
    transports: destinations.map((stream) => new winston.transports.Stream({ stream, eol: '\n' })),
  });
  const levels = new LogLevels(configuration.get(DEBUG) ? 'debug' : 'info', configuration.get(DEFAULT_LOG_LEVELS));
  let closed = false;
  const write = (record: LogRecord) => {
    if (closed || !levels.isEnabled(record.level, record.name)) return;
    writer.log({ level: record.level, message: '', record: withoutSecrets(record) });
  };

  const root = namedLogger(ROOT_NAME, write);
  const reopen = () => {
    try {
      file?.reopen();
    } catch (error) {
      root.error('the log file cannot be opened anew; the old one is written on', { file: file?.path, error });
    }
  };
  if (file !== undefined) signals.on('SIGHUP', reopen);
  return {
    ...root,
    child: (name) => namedLogger(name, write),
    async close() {
      if (closed) return;
      closed = true;
      signals.off('SIGHUP', reopen);
      await new Promise<void>((resolve) => {
        writer.once('finish', resolve).end();
      });
      if (file !== undefined) await new Promise<void>((resolve) => file.end(resolve));
    },
  };
}

function namedLogger(name: string, write: (record: LogRecord) => void): NamedLogger {
  const at =
    (level: Level) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      write({ level, name, time: new Date(), message, fields });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (below) => namedLogger(`${name}.${below}`, write),
  };
}

function withoutSecrets(record: LogRecord): LogRecord {
  const fields = redacted(record.fields) as Readonly<Record<string, unknown>>;
  return { ...record, message: redactedText(record.message), fields };
}

/** log_file within log_dir; `kuryr-l7.log` there if only log_dir is set, as oslo.log names it after the program. */
function openLogFile(configuration: Configuration, fallback: Writable): LogFile | undefined {
  const name = configuration.get(LOG_FILE);
  const directory = configuration.get(LOG_DIR);
  if (name === undefined && directory === undefined) return undefined;
  const path = resolve(directory ?? '', name ?? 'kuryr-l7.log');
  try {
    return new LogFile(path, fallback);
  } catch (cause) {
    const option = name === undefined ? 'log_dir' : 'log_file';
    const reason = types.isNativeError(cause) ? cause.message : String(cause);
    throw new ConfigurationError(`[DEFAULT] ${option}: the log file cannot be opened: ${reason}`, { cause });
  }
}
