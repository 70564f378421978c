import type { Configuration, Option } from '@kuryr-l7/config';

/** What a kuryr.conf says that sets these options, by their names; every other one has its default. */
export function settings(given: Readonly<Record<string, unknown>>): Configuration {
  return { get: <T>({ name, default: ours }: Option<T>) => (name in given ? (given[name] as T) : ours) };
}
