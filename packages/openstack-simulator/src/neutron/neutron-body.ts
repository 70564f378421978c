import { ApiFault } from '../http/api-fault.js';
import { ConversionError, FieldError, type Reader } from '../shape/readers.js';
import type { Fields, Given } from '../shape/shape.js';

/** Reads `{"<root>": {…}}`. @throws ApiFault 400 in Neutron's words */
export function readNeutronBody<F extends Fields>(body: unknown, root: string, fields: F): Given<F> {
  const wrapper = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const inner = wrapper.find(([key]) => key === root)?.[1];
  if (typeof inner !== 'object' || inner === null) throw badRequest(`Unable to find '${root}' in request body`);
  const unknown = Object.keys(inner).filter((key) => !Object.hasOwn(fields, key));
  if (unknown.length > 0) throw badRequest(`Unrecognized attribute(s) '${unknown.join(', ')}'`);
  const read: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(inner)) {
    const reader = fields[key];
    if (reader !== undefined) read[key] = given === null ? null : readField(reader, key, given);
  }
  return read as Given<F>;
}

function readField(reader: Reader<unknown>, key: string, given: unknown): unknown {
  try {
    return reader(given);
  } catch (error) {
    if (!(error instanceof FieldError) && !(error instanceof ConversionError)) throw error;
    throw badRequest(`Invalid input for ${key}. Reason: ${error.message}.`);
  }
}

export function badRequest(message: string): ApiFault {
  return new ApiFault(400, message, 'HTTPBadRequest');
}
