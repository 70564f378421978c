import type { OptionType } from '../option.js';
import { quoted } from '../quoted.js';

/** Both bounds are allowed values themselves. */
export interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A decimal integer as Python's `int()` reads it: sign and single underscores between digits allowed, no fraction. */
export function integer(bounds: Bounds = {}): OptionType<number> {
  return numeric('integer', /^[+-]?\d+(?:_\d+)*$/, 'an integer', bounds);
}

/** A finite decimal number; an exponent is allowed. */
export function float(bounds: Bounds = {}): OptionType<number> {
  return numeric(
    'floating point',
    /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?$/i,
    'a number',
    bounds,
  );
}

/** A TCP or UDP port, 0 to 65535. */
export function port(bounds: Bounds = {}): OptionType<number> {
  return { ...integer({ minimum: 0, maximum: 65535, ...bounds }), name: 'port' };
}

function numeric(name: string, pattern: RegExp, noun: string, { minimum, maximum }: Bounds): OptionType<number> {
  return {
    name,
    allowed: [
      ...(minimum === undefined ? [] : [`Minimum value: ${minimum}`]),
      ...(maximum === undefined ? [] : [`Maximum value: ${maximum}`]),
    ],
    parse(text) {
      const digits = text.trim();
      const value = Number(digits.replaceAll('_', ''));
      if (!pattern.test(digits) || !Number.isFinite(value)) throw new Error(`${quoted(text)} is not ${noun}`);
      if (minimum !== undefined && value < minimum) {
        throw new Error(`Should be greater than or equal to ${minimum}, but found ${digits}`);
      }
      if (maximum !== undefined && value > maximum) {
        throw new Error(`Should be less than or equal to ${maximum}, but found ${digits}`);
      }
      if (name !== 'floating point' && !Number.isSafeInteger(value)) throw new Error(`${digits} is too large`);
      return value;
    },
    format: String,
  };
}
