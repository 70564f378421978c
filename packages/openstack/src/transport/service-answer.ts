import { AnswerReader } from '../answer/answer-reader.js';
import { parseJson } from '../answer/parse-json.js';

/** A good answer. */
export class ServiceAnswer {
  /** @param request For people, e.g. `Octavia GET /v2/lbaas/pools (req-…)`. */
  constructor(
    private readonly request: string,
    readonly body: Uint8Array,
  ) {}

  /** The JSON object of the answer. @throws AnswerError */
  reader(): AnswerReader {
    return AnswerReader.of(parseJson(this.request, this.body), this.request);
  }
}
