import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiDocuments, isHealthPath } from './api-documents.js';
import { ApiError, badRequest, methodNotAllowed, unauthorized } from './api-error.js';
import type { Authentication } from './authentication.js';
import { Exchange } from './exchange.js';
import type { PlannedAnswer } from './faults.js';
import { OR_PROTOBUF } from './request-body.js';
import { parseTarget } from './request-target.js';
import { type ResourceRouteParts, ResourceRoutes } from './resource-routes.js';
import { answerReview, findReview } from './review.js';

/** Answers every request of the API server. */
export function requestListener(
  parts: ResourceRouteParts,
  authentication: Authentication,
): (request: IncomingMessage, response: ServerResponse) => void {
  const documents = new ApiDocuments(parts.backend);
  const resources = new ResourceRoutes(parts);

  async function answer(exchange: Exchange): Promise<void> {
    const user = authentication.authenticate(exchange.request.headers.authorization);
    if (user !== undefined) exchange.authenticated(user);
    else if (!isHealthPath(exchange.path) && exchange.path !== '/version') throw unauthorized();
    if (exchange.method === 'GET' && documents.answer(exchange)) return;
    const target = parseTarget(exchange.path);
    if (target === undefined) {
      exchange.sendText(404, '404 page not found\n');
      return;
    }
    const review = findReview(target.resource.group, target.resource.version, target.resource.plural);
    if (review === undefined) return resources.answer(exchange, target);
    if (exchange.method !== 'POST') throw methodNotAllowed();
    exchange.send(201, answerReview(review, await exchange.requiredBody(OR_PROTOBUF), exchange.user));
  }

  return (request, response) => {
    const planned = parts.faults.interceptRequest();
    if (planned === 'silence') return;
    const exchange = new Exchange(request, response);
    const answered = planned === undefined ? answer(exchange) : Promise.reject(failureOf(planned));
    answered.catch((error: unknown) =>
      exchange.sendError(error instanceof URIError ? badRequest(error.message) : error),
    );
  };
}

function failureOf({ status, retryAfterSeconds }: PlannedAnswer): ApiError {
  const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const reason = FAILURE_REASONS[status] ?? 'InternalError';
  return new ApiError(status, reason, `planned failure with status ${status}`, details);
}

const FAILURE_REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
