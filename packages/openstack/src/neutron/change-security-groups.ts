import type { CallOptions } from '../api/call-options.js';
import { ChangedMeanwhileError } from '../errors/api-error.js';
import type { NeutronClient } from './neutron-client.js';
import type { Port } from './port.js';

/** Each time another one has changed it, so that this is more than ever want the same port at once. */
const MOST_TRIES = 50;

/**
 * Changes the security groups of a port, which Neutron takes as a whole list: what others add or take off at the same time
 * is not lost.
 *
 * @param port as it was read; it is read anew where it has changed since
 * @param change from the groups that it has to those that it should have
 * @returns whether anything was written
 * @throws ChangedMeanwhileError where others change it all the time
 */
export async function changeSecurityGroups(
  neutron: NeutronClient,
  port: Port,
  change: (groups: readonly string[]) => readonly string[],
  options: CallOptions = {},
): Promise<boolean> {
  let there = port;
  for (let tries = 1; ; tries += 1) {
    const wanted = change(there.security_groups);
    if (isSame(there.security_groups, wanted)) return false;
    try {
      await neutron.setSecurityGroups(there, wanted, options);
      return true;
    } catch (error) {
      if (!(error instanceof ChangedMeanwhileError) || tries === MOST_TRIES) throw error;
      there = await neutron.ports.get(port.id, options);
    }
  }
}

function isSame(there: readonly string[], wanted: readonly string[]): boolean {
  return there.length === wanted.length && wanted.every((id) => there.includes(id));
}
