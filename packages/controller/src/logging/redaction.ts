import { types } from 'node:util';

const REDACTED = '***';

/** A word of a field's name that makes its value a secret, where it is the last one: `accessToken` is, `tokenFile` not. */
const SECRET_WORD = /^(?:pass(?:word|wd|phrase)?|secret|token|authorization|cookie|credential|key)s?$/i;

/** Secrets within text: credentials of HTTP headers, and of URLs. */
const CREDENTIALS = /\b(bearer|basic)\s+[\w.~+/=-]+/gi;
const TOKEN_HEADERS =
  /\b((?:proxy-)?authorization|x-(?:auth|subject|service)-token)(["']?\s*[:=]\s*["']?)(?:(bearer|basic)\s+)?[^\s"',;]+/gi;
const USER_INFORMATION = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;

/** Deeper than any field has reason to be; what lies below is left out. */
const DEEPEST = 8;

/** A plain copy of a field's value: JSON can carry it, and it holds no secret. */
export function redacted(value: unknown): unknown {
  return copy(value, []);
}

/** Text without the credentials that it holds. */
export function redactedText(text: string): string {
  return text
    .replace(TOKEN_HEADERS, (_, header: string, separator: string) => `${header}${separator}${REDACTED}`)
    .replace(CREDENTIALS, (_, scheme: string) => `${scheme} ${REDACTED}`)
    .replace(USER_INFORMATION, (_, scheme: string) => `${scheme}${REDACTED}@`);
}

function copy(value: unknown, ancestors: readonly object[]): unknown {
  if (typeof value === 'string') return redactedText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.includes(value)) return '[circular]';
  if (ancestors.length >= DEEPEST) return '[…]';
  const within = [...ancestors, value];
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL || types.isRegExp(value)) return redactedText(String(value));
  if (isError(value)) return copyOfError(value, within);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => copy(item, within));
  if (types.isSet(value)) return [...value].map((item) => copy(item, within));
  const entries = types.isMap(value) ? [...value] : Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, item]) => [String(name), isSecretName(String(name)) ? REDACTED : copy(item, within)]),
  );
}

/** Of an error only what is meant to be read: libraries hang whole requests, with their headers, on theirs. */
function copyOfError(error: Error, within: readonly object[]): Readonly<Record<string, unknown>> {
  const code = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    message: redactedText(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: redactedText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, within) }),
  };
}

/** Errors of another realm, as those of Node itself are within a test, are errors too. */
function isError(value: object): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
  return SECRET_WORD.test(words.filter((word) => word !== '').at(-1) ?? '');
}
