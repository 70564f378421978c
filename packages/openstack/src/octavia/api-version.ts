import type { AnswerReader } from '../answer/answer-reader.js';

/** A version of Octavia's API, e.g. 2.26. Octavia only advertises them: no request names one. */
export interface ApiVersion {
  readonly major: number;
  readonly minor: number;
}

export function readApiVersion(answer: AnswerReader): ApiVersion | undefined {
  const match = /^v(\d+)\.(\d+)$/.exec(answer.string('id'));
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** The newest of the second generation; `undefined` where there is none. */
export function newestVersion(versions: readonly ApiVersion[]): ApiVersion | undefined {
  return versions
    .filter(({ major }) => major === 2)
    .reduce<ApiVersion | undefined>(
      (newest, version) => (newest === undefined || version.minor > newest.minor ? version : newest),
      undefined,
    );
}
