import { applyPatch, type Operation } from 'rfc6902';
import { badRequest, unprocessablePatch } from './api-error.js';
import { isRecord } from './api-object.js';

const OPERATIONS: ReadonlySet<unknown> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/**
 * RFC 6902 JSON Patch, all or nothing. Throws an ApiError: 400 for what is no patch, 422 for one that can't be applied (a failed `test`
 * too).
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isOperation)) {
    throw badRequest('error decoding patch: a JSON patch is an array of operations with "op" and "path"');
  }
  // The patch is applied below a root of its own, because applyPatch changes its target in place and can't replace the root itself.
  const root = { document: structuredClone(target) };
  if (!appliesBelow(root, patch)) throw unprocessablePatch();
  return root.document;
}

/** Whether every operation could be done. */
function appliesBelow(root: { document: unknown }, patch: readonly Operation[]): boolean {
  const operations = patch.map((operation) => ({
    ...operation,
    path: `/document${operation.path}`,
    ...('from' in operation ? { from: `/document${operation.from}` } : {}),
  }));
  try {
    return applyPatch(root, operations as Operation[]).every((failure) => failure === null);
  } catch {
    // A malformed pointer.
    return false;
  }
}

function isOperation(value: unknown): value is Operation {
  return isRecord(value) && OPERATIONS.has(value.op) && typeof value.path === 'string';
}
