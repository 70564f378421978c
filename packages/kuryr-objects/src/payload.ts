import type { Field } from './fields/field.js';
import { PayloadError } from './payload-error.js';
import { pythonJson } from './python-json.js';

/**
 * The text of an annotation, byte for byte as Kuryr writes it.
 * @example formatPayload(LBAAS_SERVICE_SPEC, { ip: '10.0.0.140', … })
 */
export function formatPayload<T>(type: Field<T>, value: T): string {
  return pythonJson(type.write(value));
}

/**
 * What an annotation says. What older payloads lack is filled in as in Kuryr.
 * @throws PayloadError naming the path of the field that is wrong
 */
export function parsePayload<T>(type: Field<T>, text: string): T {
  let primitive: unknown;
  try {
    primitive = JSON.parse(text);
  } catch (cause) {
    throw new PayloadError('', `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  return type.read(primitive, '');
}
