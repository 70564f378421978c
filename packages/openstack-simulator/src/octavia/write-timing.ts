import type { ObjectKind } from './octavia-faults.js';

export interface TimedWrite {
  readonly kind: ObjectKind;
  readonly operation: 'create' | 'update' | 'delete';
  /** Objects under the load balancer, the written ones among them. */
  readonly children: number;
}

/** Milliseconds from the answer to a write until the load balancer is ACTIVE again. */
export type WriteTiming = (write: TimedWrite) => number;

/** Every write takes the same time. */
export function constantTiming(milliseconds: number): WriteTiming {
  return () => milliseconds;
}

/** Medians of Octavia 16.0.0 with the HAProxy data plane, on a load balancer with few children. */
const MEASURED_MILLISECONDS: Readonly<Record<ObjectKind, number>> = {
  loadbalancer: 2000,
  listener: 900,
  pool: 200,
  member: 2290,
  healthmonitor: 1320,
  l7policy: 920,
  l7rule: 1160,
};

/** Octavia reads the whole graph of the load balancer several times for each write, so every child costs. */
const MEASURED_MILLISECONDS_PER_CHILD = 15;

/** As measured on a real Octavia 16.0.0; children beyond the first ten slow every write down. */
export const MEASURED_TIMING: WriteTiming = ({ kind, children }) =>
  MEASURED_MILLISECONDS[kind] + MEASURED_MILLISECONDS_PER_CHILD * Math.max(0, children - 10);
