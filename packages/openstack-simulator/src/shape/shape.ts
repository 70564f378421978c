import { ApiFault } from '../http/api-fault.js';
import { pythonText } from './python-text.js';
import { ConversionError, FieldError, type Reader } from './readers.js';

/** Which fields an object may have, and how each is read. */
export type Fields = Readonly<Record<string, Reader<unknown>>>;

/** What was given: absent fields are absent, `null` is null. */
export type Given<F extends Fields> = {
  readonly [K in keyof F]?: F[K] extends Reader<infer T> ? T | null : never;
};

/** What was given, with the mandatory fields there. */
export type Complete<F extends Fields, K extends keyof F> = Given<F> & {
  readonly [P in K]: F[P] extends Reader<infer T> ? T : never;
};

/** A field that holds objects within the body was given others than it takes. */
class UnknownFields extends Error {
  readonly path: string;
  readonly fields: readonly string[];

  constructor(path: string, fields: readonly string[]) {
    super(fields.join(', '));
    this.path = path;
    this.fields = fields;
  }
}

/** Reads an object within a body; its errors name the field alone, as Octavia's do. */
export function object<F extends Fields, K extends keyof F & string = never>(
  fields: F,
  mandatory: readonly K[] = [],
): Reader<Complete<F, K>> {
  return (value) => readFields(fields, mandatory, value, '');
}

/**
 * Reads the body `{"<root>": {…}}` of a write.
 * @param argument Octavia's name of the body, which is part of its messages, e.g. `l7policy_`
 */
export function readBody<F extends Fields, K extends keyof F & string = never>(
  body: unknown,
  { argument, root, fields, mandatory = [] }: { argument: string; root: string; fields: F; mandatory?: readonly K[] },
): Complete<F, K> {
  if (body === undefined) throw new ApiFault(400, `Missing argument: "${argument}"`);
  if (Array.isArray(body)) throw new ApiFault(500, "'list' object has no attribute 'keys'");
  const wrapper = Object.entries(typeof body === 'object' && body !== null ? body : {});
  const unknown = wrapper.map(([key]) => key).filter((key) => key !== root);
  try {
    if (unknown.length > 0) throw new UnknownFields(argument, unknown);
    const inner = wrapper.find(([key]) => key === root)?.[1];
    if (inner === undefined || inner === null) throw new ApiFault(500, "'UnsetType' object has no attribute");
    return readFields(fields, mandatory, inner, `${argument}.${root}`);
  } catch (error) {
    if (error instanceof ConversionError) throw invalid(argument, body, error.message);
    if (error instanceof UnknownFields) {
      const noun = error.fields.length > 1 ? 'attributes' : 'attribute';
      throw new ApiFault(400, `Unknown ${noun} for argument ${error.path}: ${error.message}`);
    }
    throw error;
  }
}

function readFields<F extends Fields, K extends keyof F & string>(
  fields: F,
  mandatory: readonly K[],
  value: unknown,
  path: string,
): Complete<F, K> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConversionError(`'${Array.isArray(value) ? 'list' : typeof value}' object has no attribute 'keys'`);
  }
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
  if (unknown.length > 0) throw new UnknownFields(path, unknown);
  const read: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value)) {
    const reader = fields[key];
    if (reader !== undefined) read[key] = given === null ? null : readField(reader, key, given);
  }
  for (const key of mandatory) {
    if (read[key] === undefined) throw invalid(key, undefined, 'Mandatory field missing.');
  }
  return read as Complete<F, K>;
}

function readField(reader: Reader<unknown>, key: string, given: unknown): unknown {
  try {
    return reader(given);
  } catch (error) {
    if (error instanceof FieldError) throw invalid(key, given, error.message);
    throw error;
  }
}

function invalid(field: string, value: unknown, message: string): ApiFault {
  return new ApiFault(400, `Invalid input for field/attribute ${field}. Value: '${pythonText(value)}'. ${message}`);
}
