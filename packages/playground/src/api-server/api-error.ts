import { groupResourceOf, type ResourceDefinition } from './resource-definition.js';
import type { ApplyConflict, StatusCause } from './types.js';

/** `meta/v1` Status of a failure, as it is sent. */
export interface ApiStatus {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: StatusDetails;
  /** HTTP status. */
  readonly code: number;
}

interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field?: string }[];
  readonly retryAfterSeconds?: number;
}

type Named = Pick<ResourceDefinition, 'group' | 'plural'>;

/** A request that the API refuses. The texts are those of kube-apiserver: clients (kubectl among them) look for them. */
export class ApiError extends Error {
  readonly code = 'ERR_KUBERNETES_API';
  override readonly name = 'ApiError';
  readonly status: ApiStatus;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    metadata: ApiStatus['metadata'] = {},
  ) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message,
      reason,
      ...(details === undefined ? {} : { details }),
      code,
    };
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.status.code === 429 || this.status.code >= 500;
  }
}

function detailsOf(resource: Named, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${groupResourceOf(resource)} "${name}" not found`, detailsOf(resource, name));
}

/** The path names a resource or a group that is not served. */
export function notServed(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

export function alreadyExists(resource: Named, name: string): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${groupResourceOf(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );
}

export function conflict(resource: Named, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${groupResourceOf(resource)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, detailsOf(resource, name));
}

export function forbidden(
  resource: Named,
  name: string,
  why: string,
  cause?: { reason: string; message: string; field: string },
): ApiError {
  const details = { ...detailsOf(resource, name), ...(cause === undefined ? {} : { causes: [cause] }) };
  return new ApiError(403, 'Forbidden', `${groupResourceOf(resource)} "${name}" is forbidden: ${why}`, details);
}

/** 422 with one cause a field. `kind` is the kind of the object, or of the options, that is wrong. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly StatusCause[],
): ApiError {
  const groupKind = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = texts.length === 1 ? texts.join() : `[${texts.join(', ')}]`;
  const details = {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
    causes,
  };
  return new ApiError(422, 'Invalid', `${groupKind} "${name}" is invalid: ${text}`, details);
}

/** 422 for a JSON patch that cannot be applied; the API server does not say why. */
export function unprocessablePatch(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

export function applyConflict(conflicts: readonly ApplyConflict[]): ApiError {
  const byManager = new Map<string, string[]>();
  for (const { manager, field } of conflicts) byManager.set(manager, [...(byManager.get(manager) ?? []), field]);
  const texts = [...byManager].map(([manager, fields]) =>
    fields.length === 1
      ? `conflict with ${manager}: ${fields.join()}`
      : `conflicts with ${manager}:\n- ${fields.join('\n- ')}`,
  );
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`;
  return new ApiError(409, 'Conflict', `Apply failed with ${count}: ${texts.join('\n')}`, {
    causes: conflicts.map(({ manager, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${manager}`,
      field,
    })),
  });
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function notAcceptable(accepted: readonly string[]): ApiError {
  return new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

export function bodyTooLarge(limitBytes: number): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
}

/** 410: the history from there on is gone; the client must list again. */
export function expired(message: string, continueToken?: string): ApiError {
  return new ApiError(
    410,
    'Expired',
    message,
    undefined,
    continueToken === undefined ? {} : { continue: continueToken },
  );
}

/** 504: a resourceVersion that has not been handed out yet. */
export function tooLargeResourceVersion(wanted: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function internalError(message: string): ApiError {
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`);
}
