import { isDeepStrictEqual } from 'node:util';
import type { AddressType, Endpoint, EndpointPort, EndpointSlice } from './kinds/endpoints.js';

/** The default of `--max-endpoints-per-slice`. */
export const ENDPOINTS_PER_SLICE = 100;

export interface SliceContent {
  readonly addressType: AddressType;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface SliceUpdate {
  readonly slice: EndpointSlice;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface SlicePlan {
  readonly create: readonly SliceContent[];
  readonly update: readonly SliceUpdate[];
  readonly remove: readonly EndpointSlice[];
}

/** One content for each address type and set of ports, as {@link planSlices} wants them. */
export function mergeContents(contents: readonly SliceContent[]): readonly SliceContent[] {
  const merged = new Map<string, SliceContent & { endpoints: Endpoint[] }>();
  for (const { addressType, ports, endpoints } of contents) {
    const key = JSON.stringify([addressType, ports]);
    const same = merged.get(key);
    if (same === undefined) merged.set(key, { addressType, ports, endpoints: [...endpoints] });
    else same.endpoints.push(...endpoints);
  }
  return [...merged.values()];
}

/**
 * Spreads endpoints over slices with the fewest changes: an endpoint stays in its slice, a new one goes where there is room, and only what is
 * left makes a new slice. `desired` has one content for each address type and set of ports, with any number of endpoints.
 */
export function planSlices(desired: readonly SliceContent[], existing: readonly EndpointSlice[]): SlicePlan {
  if (desired.every(({ endpoints }) => endpoints.length === 0)) return planEmpty(desired, existing);
  const create: SliceContent[] = [];
  const update: SliceUpdate[] = [];
  const remove = new Set(existing);
  for (const content of desired) {
    const wanted = new Map(content.endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
    const kept = existing
      .filter(
        (slice) => slice.addressType === content.addressType && isDeepStrictEqual(slice.ports ?? [], content.ports),
      )
      .map((slice) => ({ slice, endpoints: take(wanted, slice) }));
    for (const { slice, endpoints } of kept) {
      fill(endpoints, wanted);
      if (endpoints.length === 0) continue;
      remove.delete(slice);
      if (!isDeepStrictEqual(slice.endpoints ?? [], endpoints)) update.push({ slice, ports: content.ports, endpoints });
    }
    while (wanted.size > 0) {
      const endpoints: Endpoint[] = [];
      fill(endpoints, wanted);
      create.push({ ...content, endpoints });
    }
  }
  return recycle({ create, update, remove: [...remove] });
}

/** One empty slice stays, so that "no endpoints" can be told from "not looked at yet". */
function planEmpty(desired: readonly SliceContent[], existing: readonly EndpointSlice[]): SlicePlan {
  const [slice, ...remove] = existing;
  if (slice === undefined) return { create: desired.slice(0, 1), update: [], remove };
  const { ports = [], endpoints = [] } = slice;
  return { create: [], update: endpoints.length === 0 ? [] : [{ slice, ports, endpoints: [] }], remove };
}

/** A slice that would go becomes one that would come: one write instead of two, and nothing in between. */
function recycle({ create, update, remove }: SlicePlan): SlicePlan {
  const updates = [...update];
  const left = new Set(remove);
  const created = create.filter(({ addressType, ports, endpoints }) => {
    const slice = [...left].find((one) => one.addressType === addressType);
    if (slice === undefined) return true;
    left.delete(slice);
    updates.push({ slice, ports, endpoints });
    return false;
  });
  return { create: created, update: updates, remove: [...left] };
}

/** Takes those that the slice has already out of `wanted`, in the slice's order and in their newest form. */
function take(wanted: Map<string, Endpoint>, slice: EndpointSlice): Endpoint[] {
  return (slice.endpoints ?? []).flatMap((endpoint) => {
    const identity = identityOf(endpoint);
    const newest = wanted.get(identity);
    wanted.delete(identity);
    return newest ?? [];
  });
}

function fill(endpoints: Endpoint[], wanted: Map<string, Endpoint>): void {
  for (const [identity, endpoint] of wanted) {
    if (endpoints.length >= ENDPOINTS_PER_SLICE) return;
    endpoints.push(endpoint);
    wanted.delete(identity);
  }
}

function identityOf(endpoint: Endpoint): string {
  return `${endpoint.targetRef?.uid ?? ''} ${endpoint.addresses.join()}`;
}
