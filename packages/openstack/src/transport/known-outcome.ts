import { AnswerError } from '../errors/answer-error.js';
import { UnavailableError } from '../errors/api-error.js';
import { NoAnswerError } from '../errors/connection-error.js';
import { UnknownOutcomeError } from '../errors/unknown-outcome-error.js';

/** Sends a change once. @throws UnknownOutcomeError in place of every error after which it may have been made */
export async function withKnownOutcome<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const isKnown =
      !(error instanceof NoAnswerError) && !(error instanceof UnavailableError) && !(error instanceof AnswerError);
    if (isKnown) throw error;
    const message = `${error.message}: it may have been done all the same`;
    throw new UnknownOutcomeError(message, { cause: error });
  }
}
