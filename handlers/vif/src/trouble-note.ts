import { type EventNote, hasCode, noteOf } from '@kuryr-l7/plugin';

/** The reasons that a person, or a program, can rely on. */
const REASONS: readonly (readonly [string, string])[] = [
  ['ERR_OPENSTACK_QUOTA', 'PortQuotaExceeded'],
  ['ERR_OPENSTACK_ADDRESSES_EXHAUSTED', 'NoFreeAddress'],
];

/** The Event about a Pod that got no VIF; undefined where it is just not time yet. */
export function troubleNote(error: unknown): EventNote | undefined {
  if (hasCode(error, 'ERR_NOT_READY') || !(error instanceof Error)) return undefined;
  const [, reason = 'NoVif'] = REASONS.find(([code]) => hasCode(error, code)) ?? [];
  return { type: 'Warning', reason, action: 'RequestingVif', note: noteOf(error) };
}
