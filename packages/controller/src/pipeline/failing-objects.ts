import type { HandlerPipeline } from './handler-pipeline.js';

/** An object that a handler has failed with, and tries again. */
export interface FailingObject {
  readonly handler: string;
  /** Kind and key, e.g. `Service shop/web`. */
  readonly object: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly reason: string;
}

/** Of all handlers, those that fail for longest first. */
export function failingObjects(
  pipelines: readonly Pick<HandlerPipeline, 'handler' | 'failing'>[],
): readonly FailingObject[] {
  return pipelines
    .flatMap(({ handler, failing }) =>
      failing.map(({ key, since, reason }) => ({ handler: handler.name, kind: handler.kind.kind, key, since, reason })),
    )
    .sort((a, b) => a.since - b.since)
    .map(({ handler, kind, key, since, reason }) => ({
      handler,
      object: `${kind} ${key}`,
      since: new Date(since).toISOString(),
      reason,
    }));
}
