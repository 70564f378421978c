import type { LoadBalancer } from '@kuryr-l7/openstack';

/** When an object of Octavia was last changed, in milliseconds since the epoch; NaN when it does not say. */
export function changedAt({ updated_at, created_at }: Pick<LoadBalancer, 'updated_at' | 'created_at'>): number {
  const time = updated_at ?? created_at;
  if (time === null) return Number.NaN;
  // Octavia's times are UTC without a zone.
  return Date.parse(/Z|[+-]\d\d:?\d\d$/.test(time) ? time : `${time}Z`);
}
