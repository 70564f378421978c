import type { JsonValue } from './json.js';
import type { ScalarSchema } from './schema.js';

/** The value in its stored form, or why it does not fit; without `problem` its JSON type is wrong. */
export type CheckedScalar =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem?: string };

const INT32 = 2 ** 31;
const QUANTITY = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Checks one scalar as Go's decoder would; problems in its words. Quantities written as numbers become strings. */
export function checkScalar(schema: ScalarSchema, value: JsonValue): CheckedScalar {
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' ? checkText(schema, value) : { ok: false };
    case 'boolean':
      return typeof value === 'boolean' ? { ok: true, value } : { ok: false };
    case 'number':
      return typeof value === 'number' ? { ok: true, value } : { ok: false };
    case 'integer':
      return isInteger(value, schema.format === 'int32') ? { ok: true, value } : { ok: false };
    case 'int-or-string':
      return typeof value === 'string' || isInteger(value, true) ? { ok: true, value } : { ok: false };
    case 'quantity':
      return checkQuantity(value);
  }
}

function isInteger(value: JsonValue, narrow: boolean): boolean {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return !narrow || (value >= -INT32 && value < INT32);
}

function checkText(schema: ScalarSchema, value: string): CheckedScalar {
  if (schema.format === 'byte' && !isBase64(value)) {
    const valid = /^(?:[A-Za-z0-9+/\r\n]*)/.exec(value)?.[0].length ?? 0;
    return { ok: false, problem: `illegal base64 data at input byte ${Math.min(valid, value.length)}` };
  }
  if (schema.format?.startsWith('date-time') === true && !TIME.test(value)) {
    const layout = schema.format === 'date-time' ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00';
    return {
      ok: false,
      problem: `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(value)} as "2006"`,
    };
  }
  return { ok: true, value };
}

function isBase64(value: string): boolean {
  const text = value.replace(/[\r\n]/g, '');
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function checkQuantity(value: JsonValue): CheckedScalar {
  if (typeof value !== 'string' && typeof value !== 'number') return { ok: false };
  const text = String(value);
  if (QUANTITY.test(text)) return { ok: true, value: text };
  return {
    ok: false,
    problem: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  };
}
