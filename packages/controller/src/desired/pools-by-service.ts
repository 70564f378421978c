import type { ObjectKey, PoolRequest } from '@kuryr-l7/router';

export function groupByService(requests: readonly PoolRequest[]): ReadonlyMap<ObjectKey, readonly PoolRequest[]> {
  const groups = new Map<ObjectKey, PoolRequest[]>();
  for (const request of requests) {
    const group = groups.get(request.service);
    if (group === undefined) groups.set(request.service, [request]);
    else group.push(request);
  }
  return groups;
}

/** Services whose wanted pools are not the same objects before and after. */
export function servicesThatDiffer(
  before: ReadonlyMap<ObjectKey, readonly PoolRequest[]>,
  after: ReadonlyMap<ObjectKey, readonly PoolRequest[]>,
): readonly ObjectKey[] {
  const differing: ObjectKey[] = [];
  for (const [service, pools] of after) {
    const old = before.get(service);
    if (old === undefined || old.length !== pools.length || pools.some((pool, index) => pool !== old[index])) {
      differing.push(service);
    }
  }
  for (const service of before.keys()) if (!after.has(service)) differing.push(service);
  return differing;
}
