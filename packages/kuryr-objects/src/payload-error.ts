/**
 * A payload that is not what its name says: whoever wrote it is not Kuryr, or a Kuryr newer than what is known here.
 * The message begins with the path of what is wrong, e.g. `ports[0].port`.
 */
export class PayloadError extends Error {
  readonly code = 'ERR_KURYR_PAYLOAD';
  readonly retryable = false;

  /** @param path of the field, from the outermost object; empty for that object itself */
  constructor(
    readonly path: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(path === '' ? reason : `${path}: ${reason}`, options);
    this.name = 'PayloadError';
  }
}

/** What was found in place of something else, for a message; never long. */
export function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
