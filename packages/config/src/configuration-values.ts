import type { Origin } from './configuration-origin.js';
import type { Configuration, Option } from './option.js';

/** One option with the value in effect. */
export interface EffectiveValue {
  readonly option: Option;
  readonly value: unknown;
  readonly origin: Origin;
  /** The option is a secret, or a secret was substituted into its value: never to be shown. */
  readonly secret: boolean;
}

/** All options that were loaded, with their values and where these came from. */
export class ConfigurationValues implements Configuration {
  readonly #values: ReadonlyMap<string, EffectiveValue>;

  constructor(values: Iterable<EffectiveValue>) {
    this.#values = new Map([...values].map((value) => [optionKey(value.option), value]));
  }

  /** @throws RangeError for an option that the configuration was not loaded with */
  get<T>(option: Option<T>): T {
    return this.#effective(option).value as T;
  }

  /** Whether it was loaded with a valid value. */
  has(option: Option): boolean {
    return this.#values.get(optionKey(option))?.option === option;
  }

  origin(option: Option): Origin {
    return this.#effective(option).origin;
  }

  /** In the order of the options given to `loadConfiguration`. */
  values(): Iterable<EffectiveValue> {
    return this.#values.values();
  }

  #effective(option: Option): EffectiveValue {
    const value = this.#values.get(optionKey(option));
    if (value?.option !== option) {
      throw new RangeError(
        `[${option.group}] ${option.name} is not among the options that were loaded; add it to them`,
      );
    }
    return value;
  }
}

/** `group.name`, which names an option. */
export function optionKey({ group, name }: Pick<Option, 'group' | 'name'>): string {
  return `${group}.${name}`;
}
