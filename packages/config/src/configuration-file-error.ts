import type { ConfigurationNotice } from './configuration-notice.js';

/** One thing that a person has to correct. */
export interface ConfigurationProblem {
  /** `file:line`, a file, `environment OS_X__Y` or `command line --flag`. */
  readonly where: string;
  /** The option, where one is concerned. */
  readonly option?: { readonly group: string; readonly name: string };
  /** What is wrong; never a secret's value. */
  readonly reason: string;
}

/**
 * The configuration cannot be used as it is. Holds every problem found; the message has one line for each:
 * `file:line: [section] option: what is wrong`.
 */
export class ConfigurationFileError extends Error {
  readonly code = 'ERR_CONFIGURATION';
  readonly retryable = false;

  constructor(
    readonly problems: readonly ConfigurationProblem[],
    /** Worth telling, too: the cause of a problem is often a name that nothing reads. */
    readonly warnings: readonly ConfigurationNotice[] = [],
  ) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'ConfigurationFileError';
  }
}

function describeProblem({ where, option, reason }: ConfigurationProblem): string {
  return option === undefined ? `${where}: ${reason}` : `${where}: [${option.group}] ${option.name}: ${reason}`;
}
