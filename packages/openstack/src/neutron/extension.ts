import type { AnswerReader } from '../answer/answer-reader.js';

/** What this Neutron can do beyond its core, e.g. alias `standard-attr-tag`. */
export interface Extension {
  readonly alias: string;
  readonly name: string;
}

export function readExtension(answer: AnswerReader): Extension {
  return { alias: answer.string('alias'), name: answer.text('name') };
}
