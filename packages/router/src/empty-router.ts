import type { ListenerIdentity, ObservedRouter } from './model.js';

/** A preconfigured router on which nobody has made anything yet. */
export function emptyRouter(listeners: readonly ListenerIdentity[]): ObservedRouter {
  return { listeners: listeners.map(({ key, protocol, port }) => ({ key, protocol, port, policies: [] })), pools: [] };
}
