import { AnswerError } from '../errors/answer-error.js';

/** @param request For people. @throws AnswerError when the answer is not JSON; it is not quoted, as it may be secret */
export function parseJson(request: string, body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw new AnswerError(
      `${request}: the answer is not JSON (${body.length} bytes): check the address of the service`,
    );
  }
}
