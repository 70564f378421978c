import { LEVEL_NAMES, type LogRecord } from './log-record.js';
import { strftime } from './strftime.js';

/** Whatever could end a line, move the cursor or colour a terminal: an Ingress's author must not forge log lines. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const BARE = /^[^\s"'=\\\p{Cc}\u2028\u2029]+$/u;

/**
 * A line as oslo.log writes it by default, fields at its end:
 * `2026-11-21 10:14:26.123 4711 INFO kuryr.writer [-] 3 changes are in effect revision=7`. At level ERROR the stacks of
 * errors among the fields follow, each line of them with the same beginning, as oslo.log does with tracebacks.
 * @param dateFormat log_date_format
 */
export function textLine({ level, name, time, message, fields }: LogRecord, dateFormat: string): string {
  const at = `${strftime(dateFormat, time)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  const beginning = `${at} ${process.pid} ${LEVEL_NAMES[level]} ${name}`;
  const pairs = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : ` ${key}=${asText(value)}`,
  );
  const stacks = level === 'error' ? Object.values(fields).flatMap(stackLines) : [];
  return [
    `${beginning} [-] ${message.replace(CONTROL, escaped)}${pairs.join('')}`,
    ...stacks.map((line) => `${beginning} ${line.replace(CONTROL, escaped)}`),
  ].join('\n');
}

function asText(value: unknown): string {
  if (typeof value === 'string') return BARE.test(value) ? value : inJson(value);
  return inJson(isErrorCopy(value) ? errorText(value) : value);
}

/** JSON leaves some control characters and line separators as they are. */
function inJson(value: unknown): string {
  return (JSON.stringify(value) ?? '').replace(CONTROL, escaped);
}

/** What `redacted` makes of an Error. */
interface ErrorCopy {
  readonly name: unknown;
  readonly message: unknown;
  readonly stack: string;
  readonly cause?: unknown;
}

function isErrorCopy(value: unknown): value is ErrorCopy {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'message' in value &&
    'stack' in value &&
    typeof value.stack === 'string'
  );
}

/** Many an error says in its message what its cause says: once is enough. */
function errorText({ name, message, cause }: ErrorCopy, said = ''): string {
  const isNews = said === '' || !said.includes(String(message));
  const text = isNews ? `${said === '' ? '' : '; cause: '}${name}: ${message}` : '';
  return `${text}${isErrorCopy(cause) ? errorText(cause, `${said}${text}`) : ''}`;
}

function stackLines(value: unknown): readonly string[] {
  if (!isErrorCopy(value)) return [];
  const cause = stackLines(value.cause).map((line, index) => (index === 0 ? `caused by ${line}` : line));
  return [...value.stack.split('\n'), ...cause];
}

function escaped(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
