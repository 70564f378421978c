import { readObject, readResourceVersion } from './api-object.js';
import { isRecord } from './json.js';
import { microTime } from './micro-time.js';
import { LEASES } from './resource-kinds.js';

/** What a Lease says. */
export interface LeaseRecord {
  /** `''` when it was released. */
  readonly holder: string;
  readonly durationSeconds: number;
  /** RFC 3339, by the holder's clock. */
  readonly acquireTime: string;
  /** RFC 3339, by the holder's clock: never compared with ours. */
  readonly renewTime: string;
  readonly transitions: number;
}

/** A Lease as it was read: `resourceVersion` guards the next update. */
export interface ReadLease {
  readonly record: LeaseRecord;
  readonly resourceVersion: string;
}

/** @throws KubernetesResponseError naming the field */
export function readLease(value: unknown): ReadLease {
  const lease = readObject(LEASES, value, 'lease');
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaseTransitions } = isRecord(lease.spec)
    ? lease.spec
    : {};
  return {
    record: {
      holder: typeof holderIdentity === 'string' ? holderIdentity : '',
      durationSeconds: typeof leaseDurationSeconds === 'number' ? leaseDurationSeconds : 0,
      acquireTime: typeof acquireTime === 'string' ? acquireTime : '',
      renewTime: typeof renewTime === 'string' ? renewTime : '',
      transitions: typeof leaseTransitions === 'number' ? leaseTransitions : 0,
    },
    resourceVersion: readResourceVersion(value, 'lease'),
  };
}

/** The record of a candidate that acquires or renews. */
export function heldRecord(
  previous: LeaseRecord | undefined,
  identity: string,
  leaseDuration: number,
  wallTime: number,
): LeaseRecord {
  const renewTime = microTime(wallTime);
  const kept = previous?.holder === identity ? previous : undefined;
  return {
    holder: identity,
    durationSeconds: Math.ceil(leaseDuration / 1000),
    acquireTime: kept?.acquireTime ?? renewTime,
    renewTime,
    transitions: previous === undefined ? 0 : previous.transitions + (kept === undefined ? 1 : 0),
  };
}

/** A second is the shortest that the API allows: whoever comes next need not wait for more. */
export function releasedRecord(previous: LeaseRecord, wallTime: number): LeaseRecord {
  const now = microTime(wallTime);
  return { ...previous, holder: '', durationSeconds: 1, acquireTime: now, renewTime: now };
}

/** The Lease object to send. @param resourceVersion Left out to create it. */
export function leaseObject(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  record: LeaseRecord,
  resourceVersion?: string,
): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace, name, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec: {
      holderIdentity: record.holder,
      leaseDurationSeconds: record.durationSeconds,
      acquireTime: record.acquireTime,
      renewTime: record.renewTime,
      leaseTransitions: record.transitions,
    },
  };
}
