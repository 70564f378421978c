import { AnswerError } from '../errors/answer-error.js';
import { isRecord, type JsonRecord } from '../json.js';

/** Reads one object. */
export type Read<T> = (answer: AnswerReader) => T;

/**
 * One JSON object of an answer. Each method reads a field and checks its type; fields that nobody reads are ignored, as
 * newer releases add some.
 *
 * Every method throws an {@link AnswerError} that names the path of the bad field, e.g. `pools[3].tags[0]`.
 */
export class AnswerReader {
  private constructor(
    private readonly value: JsonRecord,
    private readonly path: string,
  ) {}

  /** @param path For people, e.g. `GET /v2/lbaas/pools: pools[3]`. */
  static of(value: unknown, path: string): AnswerReader {
    if (isRecord(value)) return new AnswerReader(value, path);
    throw new AnswerError(`${path}: an object was expected, but found ${kindOf(value)}`);
  }

  /** Text that is never empty, such as an id. */
  string(name: string): string {
    const value = this.value[name];
    if (typeof value === 'string' && value !== '') return value;
    throw this.#unexpected(name, 'a string');
  }

  /** Text that may be empty; `''` where it is null or left out. */
  text(name: string): string {
    return this.#optional(name, '', 'string');
  }

  stringOrNull(name: string): string | null {
    return this.#optional(name, null, 'string');
  }

  boolean(name: string): boolean {
    const value = this.value[name];
    if (typeof value === 'boolean') return value;
    throw this.#unexpected(name, 'true or false');
  }

  /** @param otherwise Where it is null or left out. */
  booleanOr(name: string, otherwise: boolean): boolean {
    return this.#optional(name, otherwise, 'boolean');
  }

  integer(name: string): number {
    const value = this.value[name];
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw this.#unexpected(name, 'an integer');
  }

  integerOrNull(name: string): number | null {
    return isAbsent(this.value[name]) ? null : this.integer(name);
  }

  /** A number that need not be an integer. */
  numberOrNull(name: string): number | null {
    const value = this.value[name];
    if (isAbsent(value)) return null;
    if (typeof value === 'number') return value;
    throw this.#unexpected(name, 'a number');
  }

  oneOf<const T extends string>(name: string, words: readonly T[]): T {
    const word = words.find((candidate) => candidate === this.value[name]);
    if (word === undefined) throw this.#unexpected(name, `one of ${words.join(', ')}`);
    return word;
  }

  /** `[]` where it is null or left out. */
  strings(name: string): readonly string[] {
    return this.#items(name).map((item, index) => {
      if (typeof item === 'string') return item;
      throw new AnswerError(`${this.path}.${name}[${index}]: a string was expected, but found ${kindOf(item)}`);
    });
  }

  object<T>(name: string, read: Read<T>): T {
    return read(AnswerReader.of(this.value[name], `${this.path}.${name}`));
  }

  objectOrNull<T>(name: string, read: Read<T>): T | null {
    return isAbsent(this.value[name]) ? null : this.object(name, read);
  }

  /** `[]` where it is null or left out. */
  list<T>(name: string, read: Read<T>): readonly T[] {
    return this.#items(name).map((item, index) => read(AnswerReader.of(item, `${this.path}.${name}[${index}]`)));
  }

  /** A list that must be there. */
  requiredList<T>(name: string, read: Read<T>): readonly T[] {
    if (!Array.isArray(this.value[name])) throw this.#unexpected(name, 'an array');
    return this.list(name, read);
  }

  /** An object of texts, such as `insert_headers`; `{}` where it is null or left out. */
  texts(name: string): Readonly<Record<string, string>> {
    const value = this.value[name];
    if (isAbsent(value)) return {};
    if (!isRecord(value)) throw this.#unexpected(name, 'an object');
    return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
  }

  #items(name: string): readonly unknown[] {
    const value = this.value[name];
    if (isAbsent(value)) return [];
    if (Array.isArray(value)) return value;
    throw this.#unexpected(name, 'an array');
  }

  #optional<T>(name: string, otherwise: T, type: 'string' | 'boolean'): T {
    const value = this.value[name];
    if (isAbsent(value)) return otherwise;
    if (typeof value === type) return value as T;
    throw this.#unexpected(name, `a ${type}`);
  }

  #unexpected(name: string, expected: string): AnswerError {
    return new AnswerError(`${this.path}.${name}: ${expected} was expected, but found ${kindOf(this.value[name])}`);
  }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Not the value itself: it may be a secret. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}
