import type { StatusCause } from '../api-server/types.js';
import type { JsonValue } from './json.js';

/** Collects what is wrong with an object, in the words of the real server's field errors. */
export class Causes {
  readonly list: StatusCause[] = [];

  required(field: string, detail = ''): void {
    this.add('FieldValueRequired', field, 'Required value', detail);
  }

  invalid(field: string, value: JsonValue | undefined, detail: string): void {
    this.add('FieldValueInvalid', field, `Invalid value: ${JSON.stringify(value ?? null)}`, detail);
  }

  /** One cause for each text of `problems`; see name-rules.ts. */
  invalidEach(field: string, value: JsonValue, problems: readonly string[]): void {
    for (const problem of problems) this.invalid(field, value, problem);
  }

  typeInvalid(field: string, value: JsonValue, detail: string): void {
    this.add('FieldValueTypeInvalid', field, `Invalid value: ${JSON.stringify(value)}`, detail);
  }

  notSupported(field: string, value: JsonValue, supported: readonly JsonValue[]): void {
    const values = supported.map((item) => JSON.stringify(item)).join(', ');
    this.add(
      'FieldValueNotSupported',
      field,
      `Unsupported value: ${JSON.stringify(value)}`,
      `supported values: ${values}`,
    );
  }

  duplicate(field: string, value: JsonValue): void {
    this.add('FieldValueDuplicate', field, `Duplicate value: ${JSON.stringify(value)}`, '');
  }

  forbidden(field: string, detail: string): void {
    this.add('FieldValueForbidden', field, 'Forbidden', detail);
  }

  notFound(field: string, value: JsonValue): void {
    this.add('FieldValueNotFound', field, `Not found: ${JSON.stringify(value)}`, '');
  }

  tooLong(field: string, maximum: number): void {
    this.add('FieldValueTooLong', field, 'Too long', `may not be more than ${maximum} bytes`);
  }

  tooMany(field: string, count: number, maximum: number): void {
    this.add('FieldValueTooMany', field, `Too many: ${count}`, `must have at most ${maximum} items`);
  }

  private add(reason: StatusCause['reason'], field: string, body: string, detail: string): void {
    this.list.push({ reason, field, message: detail === '' ? body : `${body}: ${detail}` });
  }
}
