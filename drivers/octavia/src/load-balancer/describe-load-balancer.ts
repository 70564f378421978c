import { type LoadBalancer, pendingRemedy } from '@kuryr-l7/openstack';
import { changedAt } from './octavia-time.js';

/** For messages: `load balancer web (99f580e6-…)`. */
export function titleOf({ name, id }: Pick<LoadBalancer, 'name' | 'id'>): string {
  return name === '' ? `load balancer ${id}` : `load balancer ${name} (${id})`;
}

/** Since when it has been like this, in words. */
export function ageOf(object: Pick<LoadBalancer, 'updated_at' | 'created_at'>, now: number): string {
  const time = changedAt(object);
  return Number.isNaN(time) ? 'for an unknown time' : `for ${inWords(now - time)}`;
}

/** What an administrator has to do where something stays PENDING: nothing else can. */
export function setToError(whose: 'its' | 'their' = 'its'): string {
  return `set ${whose} provisioning_status to ERROR in the database of Octavia`;
}

/** What an administrator can do about a load balancer that takes no change. */
export function remedyOf({ id, provisioning_status: status }: LoadBalancer): string {
  if (status === 'ERROR') {
    return `it takes no change until it is repaired: an administrator can run "openstack loadbalancer failover ${id}", and look into the log of octavia-worker for the reason`;
  }
  return `nothing can be changed meanwhile: ${pendingRemedy(id)}, and if it stays so, ${setToError()} and run "openstack loadbalancer failover ${id}"`;
}

export function inWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
