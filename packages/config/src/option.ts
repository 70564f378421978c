/** How an option's text is read. `parse` throws an Error whose message says what is wrong with the value. */
export interface OptionType<T> {
  /** For the sample file, as oslo.config calls it: `string`, `boolean`, `integer`, `list`, … */
  readonly name: string;
  /** @throws Error whose message says what was given and what is allowed */
  parse(text: string): T;
  /** The default as it would be written in the file. */
  format(value: T): string;
  /** Lines for the sample file that tell what is allowed, e.g. `Minimum value: 0`. */
  readonly allowed?: readonly string[];
  /** Present where every value given for the option counts (oslo's MultiStrOpt). Other options take the last one. */
  readonly multiple?: {
    parse(texts: readonly string[]): T;
    format(value: T): readonly string[];
  };
}

/** One option of kuryr.conf. Handlers and drivers define their own; all are checked, documented and read the same way. */
export interface Option<T = unknown> {
  /** Section, e.g. `kubernetes`. */
  readonly group: string;
  /** Name with underscores, as in the file. */
  readonly name: string;
  readonly type: OptionType<T>;
  readonly default: T;
  /** Sentences for the sample file. */
  readonly help: string;
  /** Never printed or logged. */
  readonly secret?: boolean;
  /** Older names of the option in the same group, accepted with a warning. */
  readonly deprecatedNames?: readonly string[];
}

/** The values of all options, each read with its option: `configuration.get(L7_ROUTER_UUID)`. */
export interface Configuration {
  get<T>(option: Option<T>): T;
}
