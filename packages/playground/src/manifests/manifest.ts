import type { ApiObject } from '../api-server/index.js';

/** One object of a file, as far as it has been checked: it names its kind and itself. */
export interface Manifest {
  readonly file: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly object: ApiObject;
}

/** What is wrong with a file, or with one document of it. */
export interface ManifestProblem {
  readonly file: string;
  /** From 1; none where it is the file itself that is wrong. */
  readonly line?: number;
  readonly reason: string;
}

/** `file:line: reason`, as editors and terminals make links of it. */
export function problemText({ file, line, reason }: ManifestProblem): string {
  return line === undefined ? `${file}: ${reason}` : `${file}:${line}: ${reason}`;
}
