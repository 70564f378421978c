import { isIP, isIPv4 } from 'node:net';
import { networkText } from './network-text.js';

/** A value is not what its field takes; `message` says what it takes. */
export class FieldError extends Error {
  readonly code = 'ERR_FIELD';
}

/** A value cannot be made into the type of its field; Octavia then blames the whole body instead of the field. */
export class ConversionError extends Error {
  readonly code = 'ERR_CONVERSION';
}

/** Takes what a field may be given. @throws FieldError | ConversionError with Octavia's own words */
export type Reader<T> = (value: unknown) => T;

export function text({
  maximum,
  minimum = 0,
  pattern,
}: {
  maximum?: number;
  minimum?: number;
  pattern?: RegExp;
} = {}): Reader<string> {
  return (value) => {
    if (typeof value !== 'string') throw new FieldError('Value should be string');
    if (value.length < minimum) {
      throw new FieldError(`Value should have a minimum character requirement of ${minimum}`);
    }
    if (maximum !== undefined && value.length > maximum) {
      throw new FieldError(`Value should have a maximum character requirement of ${maximum}`);
    }
    if (pattern !== undefined && !pattern.test(value)) {
      throw new FieldError(`Value should match the pattern ${pattern.source}`);
    }
    return value;
  };
}

export function integer({ minimum, maximum }: { minimum?: number; maximum?: number } = {}): Reader<number> {
  return (value) => {
    const number = typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number') {
      throw new ConversionError(`invalid literal for int() with base 10: '${String(value)}'`);
    }
    if (minimum !== undefined && number < minimum) {
      throw new FieldError(`Value should be greater or equal to ${minimum}`);
    }
    if (maximum !== undefined && number > maximum) throw new FieldError(`Value should be lower or equal to ${maximum}`);
    return Math.trunc(number);
  };
}

export const number: Reader<number> = (value) => {
  if (typeof value !== 'number') throw new ConversionError(`could not convert string to float: '${String(value)}'`);
  return value;
};

export const flag: Reader<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  if (['true', 't', 'yes', 'y', 'on', '1'].includes(word)) return true;
  if (['false', 'f', 'no', 'n', 'off', '0'].includes(word)) return false;
  throw new ConversionError(`Value not an unambiguous boolean: ${word}`);
};

export function oneOf<const V extends string | number>(...values: readonly V[]): Reader<V> {
  return (value) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw new FieldError(`Value should be one of: ${values.join(', ')}`);
    return found;
  };
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

export const uuid: Reader<string> = (value) => {
  if (typeof value !== 'string' || !UUID.test(value)) throw new FieldError('Value should be UUID format');
  return value.toLowerCase();
};

export const ipAddress: Reader<string> = (value) => {
  if (typeof value !== 'string' || isIP(value) === 0) throw new FieldError('Value should be IPv4 or IPv6 format');
  return value;
};

export const cidr: Reader<string> = (value) => {
  const [address = '', length] = String(value).split('/');
  const widest = isIPv4(address) ? 32 : 128;
  const bits = length === undefined ? widest : Number(length);
  if (isIP(address) === 0 || !Number.isInteger(bits) || bits < 0 || bits > widest) {
    throw new FieldError('Value should be IPv4 or IPv6 CIDR format');
  }
  return networkText(address, bits);
};

export const absoluteUrl: Reader<string> = (value) => {
  const url = typeof value === 'string' && /^https?:\/\/[^/?#\s]+/i.test(value) && !/\s/.test(value);
  if (!url) throw new FieldError('Value must be a valid URL string');
  return value;
};

export const urlPath: Reader<string> = (value) => {
  if (typeof value !== 'string' || !/^\/[^\s]*$/.test(value)) {
    throw new FieldError('Value must be a valid URL Path string');
  }
  return value;
};

export function list<T>(item: Reader<T>): Reader<T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new ConversionError(`Value not a valid list: ${String(value)}`);
    return value.map(item);
  };
}

export function dictionary<T>(item: Reader<T>): Reader<Record<string, T>> {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ConversionError(`Value not a valid dict: ${String(value)}`);
    }
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, item(entry)]));
  };
}

/** What fields of the same kind of every resource take. */
export const NAME = text({ maximum: 255 });
export const TAGS = list(text({ maximum: 255 }));
export const PORT = integer({ minimum: 1, maximum: 65535 });
