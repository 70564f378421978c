import { RouterRefusedError } from '@kuryr-l7/plugin';

/** One thing that Octavia accepts, or may accept, and that its HAProxy makes something else of, or nothing at all. */
export interface Fact<T> {
  /** What was measured, or where it is written; for the reader of this code. */
  readonly source: string;
  /** What is wrong with the value and what to do, as the end of a sentence; undefined when it is sound. */
  readonly objection: (value: T) => string | undefined;
}

/** @throws RouterRefusedError that names the object, the value and the first thing that stands against it */
export function refuse<T>(facts: readonly Fact<T>[], value: T, object: string): void {
  const reason = objectionTo(facts, value);
  if (reason !== undefined) throw new RouterRefusedError(`${object} is not sent to Octavia: ${reason}`);
}

/** The first thing that stands against the value. */
export function objectionTo<T>(facts: readonly Fact<T>[], value: T): string | undefined {
  for (const { objection } of facts) {
    const reason = objection(value);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
