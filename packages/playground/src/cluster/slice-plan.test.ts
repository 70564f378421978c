import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Endpoint, EndpointPort, EndpointSlice } from './kinds/endpoints.js';
import { ENDPOINTS_PER_SLICE, mergeContents, planSlices, type SliceContent, type SlicePlan } from './slice-plan.js';

const PORTS = [{ name: '', port: 80, protocol: 'TCP' }];

const endpoint = (number: number, ready = true): Endpoint => ({
  addresses: [`127.64.${number >> 8}.${number & 0xff}`],
  conditions: { ready },
  targetRef: { kind: 'Pod', name: `pod-${number}`, uid: `uid-${number}` },
});
const content = (endpoints: readonly Endpoint[], ports: readonly EndpointPort[] = PORTS): SliceContent => ({
  addressType: 'IPv4',
  ports,
  endpoints,
});

let made = 0;
const sliceOf = (one: SliceContent): EndpointSlice => {
  made += 1;
  return { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: `slice-${made}` }, ...one };
};

function after(existing: readonly EndpointSlice[], plan: SlicePlan): readonly EndpointSlice[] {
  const updates = new Map(plan.update.map(({ slice, ports, endpoints }) => [slice, { ports, endpoints }]));
  const kept = existing.filter((slice) => !plan.remove.includes(slice));
  return [...kept.map((slice) => ({ ...slice, ...updates.get(slice) })), ...plan.create.map(sliceOf)];
}

describe('planSlices', () => {
  it('leaves every other endpoint where it is when one comes', () => {
    const existing = [sliceOf(content([endpoint(1), endpoint(2)]))];
    const plan = planSlices([content([endpoint(3), endpoint(2), endpoint(1)])], existing);
    expect(plan).toEqual({
      create: [],
      update: [{ slice: existing[0], ports: PORTS, endpoints: [endpoint(1), endpoint(2), endpoint(3)] }],
      remove: [],
    });
  });

  it('keeps an empty slice when the last endpoint goes, and makes one for a Service without endpoints', () => {
    const existing = [sliceOf(content([endpoint(1)]))];
    expect(planSlices([content([], [])], existing).update).toEqual([
      { slice: existing[0], ports: PORTS, endpoints: [] },
    ]);
    expect(planSlices([content([], [])], []).create).toEqual([content([], [])]);
  });

  it('has slices of their own for Pods whose ports differ', () => {
    const other = [{ name: '', port: 8080, protocol: 'TCP' }];
    const merged = mergeContents([content([endpoint(1)]), content([endpoint(2)], other), content([endpoint(3)])]);
    expect(planSlices(merged, []).create).toEqual([content([endpoint(1), endpoint(3)]), content([endpoint(2)], other)]);
  });

  it('turns the empty slice into the first one with endpoints', () => {
    const existing = [sliceOf(content([], []))];
    const update = [{ slice: existing[0], ports: PORTS, endpoints: [endpoint(1)] }];
    expect(planSlices([content([endpoint(1)])], existing)).toEqual({ create: [], update, remove: [] });
  });

  it('gives exactly the wanted endpoints from any slices, at most 100 in one, and then changes nothing', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 350 });
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 1, max: ENDPOINTS_PER_SLICE }), (before, wanted, size) => {
        const existing: EndpointSlice[] = [];
        for (let from = 0; from < before.length; from += size) {
          existing.push(sliceOf(content(before.slice(from, from + size).map((number) => endpoint(number, false)))));
        }
        const desired = [content(wanted.map((number) => endpoint(number)))];
        const slices = after(existing, planSlices(desired, existing));
        const addresses = slices.flatMap((slice) => slice.endpoints ?? []).map((one) => one.addresses.join());
        expect(addresses.toSorted()).toEqual(wanted.map((number) => endpoint(number).addresses.join()).toSorted());
        expect(Math.max(0, ...slices.map((slice) => slice.endpoints?.length ?? 0))).toBeLessThanOrEqual(
          ENDPOINTS_PER_SLICE,
        );
        expect(planSlices(desired, slices)).toEqual({ create: [], update: [], remove: [] });
      }),
      { numRuns: 100 },
    );
  });
});
