import type { ObservedRouter } from '@kuryr-l7/router';

/**
 * What of ours was on the router when we last knew it and is not there any more, for people. Our own deletions are in what
 * we knew.
 */
export function deletedByOthers(known: ObservedRouter, now: ObservedRouter): readonly string[] {
  const policies = known.listeners.flatMap(({ key: listener, policies: before }) => {
    const after = now.listeners.find(({ key }) => key === listener)?.policies ?? [];
    const ids = new Set(after.flatMap(({ key, id }) => [key, id]));
    return before
      .filter(({ foreign, key, id }) => foreign !== true && !ids.has(key) && (id === undefined || !ids.has(id)))
      .map(({ key }) => `policy ${key} of ${listener}`);
  });
  const ids = new Set(now.pools.flatMap(({ name, id }) => [name, id]));
  const pools = known.pools
    .filter(({ foreign, name, id }) => foreign !== true && !ids.has(name) && (id === undefined || !ids.has(id)))
    .map(({ name }) => `pool ${name}`);
  return [...policies, ...pools];
}
