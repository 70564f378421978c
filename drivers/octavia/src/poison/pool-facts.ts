import { isIP } from 'node:net';
import type { HealthMonitor, Member } from '@kuryr-l7/router';
import type { Fact } from './fact.js';
import { MISREAD_CHARACTERS } from './rule-facts.js';

/** What a member must not be. */
export const MEMBER_FACTS: readonly Fact<Member>[] = [
  {
    source: 'API of Octavia: an IP address, else 400 for the whole batch',
    objection: ({ address }) => (isIP(address) === 0 ? `${JSON.stringify(address)} is not an IP address` : undefined),
  },
  {
    source: 'measured: 169.254.169.254 gets 400 for the whole batch',
    objection: ({ address }) =>
      address === '169.254.169.254' ? 'the address of the metadata service is never a member' : undefined,
  },
  {
    source: 'API of Octavia: port 1 to 65535, weight 0 to 256, else 400 for the whole batch',
    objection: ({ port, weight }) => {
      if (!isWithin(port, 1, 65_535)) return `${port} is not a port from 1 to 65535`;
      return isWithin(weight, 0, 256) ? undefined : `${weight} is not a weight from 0 to 256`;
    },
  },
];

/** What a health monitor must not be. */
export const HEALTH_MONITOR_FACTS: readonly Fact<HealthMonitor>[] = [
  {
    source: 'API of Octavia: retries 1 to 10, times of at least a second, else 400',
    objection: ({ delay, timeout, maxRetries, maxRetriesDown }) =>
      isWithin(maxRetries, 1, 10) && isWithin(maxRetriesDown, 1, 10) && delay >= 1 && timeout >= 1
        ? undefined
        : 'retries go from 1 to 10 and times from 1 second',
  },
  {
    source: 'API reference of Octavia: the timeout is not longer than the delay',
    objection: ({ delay, timeout }) =>
      timeout > delay ? `its timeout of ${timeout} s is longer than its delay of ${delay} s` : undefined,
  },
  {
    source: 'API of Octavia: url_path begins with /; the rest as in rules, since it stands in haproxy.cfg as they do',
    objection: ({ urlPath }) => {
      if (urlPath === undefined) return undefined;
      const misread = [...urlPath].some((character) => MISREAD_CHARACTERS.includes(character));
      return /^\/[\x21-\x7e]*$/.test(urlPath) && !misread
        ? undefined
        : `its path has to begin with / and have no space, no control or non-ASCII character and none of ${MISREAD_CHARACTERS}`;
    },
  },
  {
    source: 'API of Octavia: 200, 200,202 or 200-204',
    objection: ({ expectedCodes }) =>
      expectedCodes === undefined || /^(\d{3}(, ?\d{3})*|\d{3}-\d{3})$/.test(expectedCodes)
        ? undefined
        : 'its expected codes have to be like 200, 200,202 or 200-204',
  },
];

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
