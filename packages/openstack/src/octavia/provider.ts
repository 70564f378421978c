import type { AnswerReader } from '../answer/answer-reader.js';

/** What load balancers are made by, e.g. `amphora`. */
export interface Provider {
  readonly name: string;
  readonly description: string;
}

export function readProvider(answer: AnswerReader): Provider {
  return { name: answer.string('name'), description: answer.text('description') };
}
