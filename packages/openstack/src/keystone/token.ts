import { AnswerReader } from '../answer/answer-reader.js';
import { parseJson } from '../answer/parse-json.js';
import { AnswerError } from '../errors/answer-error.js';
import { type HttpAnswer, headerOf } from '../transport/http-message.js';
import type { Identity } from './keystone-session.js';
import { type CatalogService, readCatalogService } from './service-catalog.js';

/** A token and what came with it. `value` is a secret. */
export interface Token {
  readonly value: string;
  readonly identity: Identity;
  readonly catalog: readonly CatalogService[];
  /** Milliseconds of the caller's clock from which on it is to be replaced. */
  readonly renewAt: number;
  /** Milliseconds of the caller's clock at which it expires. */
  readonly expiresAt: number;
}

/** Milliseconds before its end that a token is renewed, so that none expires on its way; less for short-lived ones. */
const RENEWAL_MARGIN = 120_000;

/**
 * Reads the answer to `POST /v3/auth/tokens`. How long the token lasts is the difference of Keystone's own times, so that
 * a wrong clock here does no harm.
 *
 * @param now Milliseconds of the caller's clock when the token was asked for.
 * @throws AnswerError naming the field
 */
export function readToken(request: string, answer: HttpAnswer, now: number): Token {
  const value = headerOf(answer, 'x-subject-token');
  if (value === undefined || value === '') throw new AnswerError(`${request}: header X-Subject-Token: is missing`);
  const token = AnswerReader.of(parseJson(request, answer.body), request).object('token', (reader) => reader);
  const lifetime = timeOf(token, request, 'expires_at') - timeOf(token, request, 'issued_at');
  return {
    value,
    identity: readIdentity(token),
    catalog: token.list('catalog', readCatalogService),
    renewAt: now + lifetime - Math.min(RENEWAL_MARGIN, lifetime / 4),
    expiresAt: now + lifetime,
  };
}

function readIdentity(token: AnswerReader): Identity {
  const project = token.objectOrNull('project', (reader) => ({ id: reader.string('id'), name: reader.text('name') }));
  return {
    ...token.object('user', (user) => ({ userId: user.string('id'), userName: user.text('name') })),
    projectId: project?.id,
    projectName: project?.name,
    roles: token.list('roles', (role) => role.text('name')),
  };
}

function timeOf(token: AnswerReader, request: string, name: string): number {
  const time = Date.parse(token.string(name));
  if (Number.isNaN(time)) throw new AnswerError(`${request}: token.${name}: a time was expected`);
  return time;
}
