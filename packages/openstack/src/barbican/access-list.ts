import type { AnswerReader } from '../answer/answer-reader.js';

/** Who may read a secret or container, beside what roles allow. */
export interface AccessList {
  /** Ids of users. */
  readonly users: readonly string[];
  /** Whether everybody in the project with a fitting role may. */
  readonly 'project-access': boolean;
}

/** What nobody has set is Barbican's default: the project, no further users. */
export function readAccessList(answer: AnswerReader): AccessList {
  return (
    answer.objectOrNull('read', (read) => ({
      users: read.strings('users'),
      'project-access': read.booleanOr('project-access', true),
    })) ?? { users: [], 'project-access': true }
  );
}
