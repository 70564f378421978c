import { LEVEL_NAMES, type LogRecord } from './log-record.js';
import { strftime } from './strftime.js';

/** Whatever could end a line, move the cursor or colour a terminal: an Ingress's author must not forge log lines. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const BARE = /^[^\s"'=\\\p{Cc}\u2028\u2029]+$/u;

/**
 * A line as oslo.log writes it by default, fields at its end:
 * `2026-11-21 10:14:26.123 4711 INFO kuryr.writer [-] 3 changes are in effect revision=7`.
 * @param dateFormat log_date_format
 */
export function textLine({ level, name, time, message, fields }: LogRecord, dateFormat: string): string {
  const at = `${strftime(dateFormat, time)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  const pairs = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : ` ${key}=${asText(value)}`,
  );
  return `${at} ${process.pid} ${LEVEL_NAMES[level]} ${name} [-] ${message.replace(CONTROL, escaped)}${pairs.join('')}`;
}

function asText(value: unknown): string {
  if (typeof value === 'string') return BARE.test(value) ? value : inJson(value);
  return isErrorCopy(value) ? inJson(errorText(value)) : inJson(value);
}

/** JSON leaves some control characters and line separators as they are. */
function inJson(value: unknown): string {
  return (JSON.stringify(value) ?? '').replace(CONTROL, escaped);
}

interface ErrorCopy {
  readonly name: string;
  readonly message: string;
  readonly cause?: unknown;
}

function isErrorCopy(value: unknown): value is ErrorCopy {
  return (
    typeof value === 'object' &&
    value !== null &&
    'stack' in value &&
    'name' in value &&
    typeof (value as ErrorCopy).message === 'string'
  );
}

/** An error and what caused it, without stacks: those are in the JSON lines. */
function errorText({ name, message, cause }: ErrorCopy): string {
  return `${name}: ${message}${isErrorCopy(cause) ? `; cause: ${errorText(cause)}` : ''}`;
}

function escaped(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
