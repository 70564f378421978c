import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ENDPOINTS,
  type EventNote,
  type KubernetesObject,
  type KubernetesWriter,
  type WatchedKind,
} from '@kuryr-l7/kube';
import { LBAAS_STATE, LBAAS_STATE_ANNOTATION, type LBaaSState, parsePayload } from '@kuryr-l7/kuryr-objects';
import type { ObjectOf } from '@kuryr-l7/plugin';
import { LbaasStateAnnotation } from './lbaas-state-annotation.js';

const SIGNAL = new AbortController().signal;
const ID = '99f580e6-d894-442a-bc5f-4d14b41e10d2';

let events: EventNote[];
let written: { readonly kind: string; readonly value: string | null | undefined }[];
let endpoints: KubernetesObject | undefined;
let annotation: LbaasStateAnnotation;

const service = (annotations: Readonly<Record<string, string>> = {}) => ({
  metadata: { namespace: 'shop', name: 'web', annotations },
});

const state = (members: number): LBaaSState => ({
  loadbalancer: null,
  listeners: [],
  pools: [],
  members: Array.from({ length: members }, (_, index) => ({
    id: ID,
    project_id: ID,
    name: '',
    pool_id: ID,
    subnet_id: ID,
    ip: `10.1.${index >> 8}.${index & 255}`,
    port: 8080,
  })),
  service_pub_ip_info: null,
});

beforeEach(() => {
  events = [];
  written = [];
  endpoints = undefined;
  const kubernetes: Partial<KubernetesWriter> = {
    annotate: async ({ kind }, _object, annotations) => {
      written.push({ kind, value: annotations[LBAAS_STATE_ANNOTATION] });
      return true;
    },
    event: (_kind, _object, note) => void events.push(note),
  };
  annotation = new LbaasStateAnnotation(kubernetes as KubernetesWriter, () => undefined);
  annotation.start({ store: { get: () => endpoints } } as unknown as WatchedKind<ObjectOf<typeof ENDPOINTS>>);
});

/** How many members the last annotation tells. */
const told = () => {
  const value = written.at(-1)?.value;
  return value === null || value === undefined ? value : parsePayload(LBAAS_STATE, value).members.length;
};

describe('the annotation openstack.org/kuryr-lbaas-state', () => {
  it('has all members where they fit', async () => {
    await annotation.write(service(), state(500), SIGNAL);
    expect(told()).toBe(500);
    expect(events).toEqual([]);
  });

  it('leaves members out where Kubernetes would refuse it, and says so once until they fit again', async () => {
    for (const members of [1_500, 1_500, 10, 1_500]) await annotation.write(service(), state(members), SIGNAL);
    expect(told()).toBe(0);
    expect(events.map(({ reason }) => reason)).toEqual(['LoadBalancerStateTooLong', 'LoadBalancerStateTooLong']);
    expect(events[0]?.note).toContain('leaves out its 1500 members');
  });

  it('counts what others annotate, and is not there where that leaves no room at all', async () => {
    await annotation.write(service({ theirs: 'x'.repeat(200_000) }), state(400), SIGNAL);
    expect(told()).toBe(0);
    await annotation.write(service({ theirs: 'x'.repeat(262_100) }), state(1), SIGNAL);
    expect(told()).toBeNull();
  });

  it('is no endless war with somebody who insists on another one', async () => {
    jest.useFakeTimers();
    try {
      for (let version = 1; version <= 100; version += 1) {
        const { metadata } = service({ [LBAAS_STATE_ANNOTATION]: '{}' });
        await annotation.write({ metadata: { ...metadata, resourceVersion: `${version}` } }, state(1), SIGNAL);
      }
      expect(written.length).toBeLessThan(5);
    } finally {
      annotation.stop();
      jest.useRealTimers();
    }
  });

  it('is measured on the Endpoints where it stands there', async () => {
    endpoints = { metadata: { namespace: 'shop', name: 'web', annotations: { theirs: 'x'.repeat(200_000) } } };
    await annotation.write(service(), state(400), SIGNAL);
    expect(written.map(({ kind }) => kind)).toEqual(['Endpoints', 'Service']);
    expect(parsePayload(LBAAS_STATE, written[0]?.value ?? '').members).toEqual([]);
    expect(written[1]?.value).toBeNull();
  });
});
