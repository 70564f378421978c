import { isIP } from 'node:net';
import { described, PayloadError } from '../payload-error.js';
import type { Field } from './field.js';

function scalar<T extends boolean | number | string>(
  what: string,
  accepts: (primitive: unknown) => primitive is T,
): Field<T> {
  return {
    read: (primitive, path) => {
      if (accepts(primitive)) return primitive;
      throw new PayloadError(path, `is ${described(primitive)} instead of ${what}`);
    },
    write: (value) => value,
  };
}

/** Text of a form that a pattern tells. */
const text = (what: string, accepts: (value: string) => boolean): Field<string> =>
  scalar(what, (primitive): primitive is string => typeof primitive === 'string' && accepts(primitive));

export const string = (): Field<string> => text('text', () => true);

export const integer = (): Field<number> =>
  scalar('an integer', (primitive): primitive is number => Number.isSafeInteger(primitive));

export const boolean = (): Field<boolean> =>
  scalar('true or false', (primitive): primitive is boolean => typeof primitive === 'boolean');

/** With or without dashes, as Python's `uuid.UUID` takes it and Keystone writes the ids of projects. */
export const uuid = (): Field<string> =>
  text('a UUID', (value) => /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(value));

export const ipAddress = (): Field<string> => text('an IP address', (value) => isIP(value) !== 0);

export const ipNetwork = (): Field<string> => text('a network, e.g. 10.0.0.0/24', isNetwork);

/** Lower case with colons; what Python's library would change into that is refused. */
export const macAddress = (): Field<string> =>
  text('a MAC address, e.g. fa:16:3e:00:00:01', (value) => /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(value));

function isNetwork(value: string): boolean {
  const [address = '', length = '', ...more] = value.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= most;
}
