import type { L7PolicyPatch } from '@kuryr-l7/router';
import type { Fact } from './fact.js';
import { MISREAD_CHARACTERS } from './rule-facts.js';

const REDIRECT_CODES: readonly number[] = [301, 302, 303, 307, 308];

/** What the redirect of a policy must not be. */
export const REDIRECT_FACTS: readonly Fact<L7PolicyPatch>[] = [
  {
    source: 'measured: a redirect_url that is not absolute gets 400',
    objection: (patch) => {
      const bad = locations(patch).find((location) => !/^https?:\/\/[^/?]/i.test(location) || !URL.canParse(location));
      return bad === undefined
        ? undefined
        : `${JSON.stringify(bad)} is not an absolute URL; give it with http:// or https://`;
    },
  },
  {
    source:
      'security fix bad707462 of Octavia (2026-07): white space and control characters reach haproxy.cfg on older clouds',
    objection: (patch) =>
      locations(patch).some((location) => /[^\x21-\x7e]/u.test(location) || location.includes('\\'))
        ? 'its URL has white space, a backslash, or a control or non-ASCII character; percent-encode it'
        : undefined,
  },
  {
    source: 'measured: & in redirect_url is answered as &amp; in Location; # begins a comment in haproxy.cfg',
    objection: (patch) => {
      const bad = locations(patch)
        .flatMap((location) => [...location])
        .find((character) => MISREAD_CHARACTERS.includes(character));
      return bad === undefined
        ? undefined
        : `its URL has the character ${bad}, which Octavia's HAProxy turns into something else; leave it out or percent-encode it`;
    },
  },
  {
    source: 'measured: 301, 302, 303, 307 and 308 only; 304 gets 400',
    objection: ({ redirectHttpCode: code }) =>
      code === undefined || REDIRECT_CODES.includes(code)
        ? undefined
        : `${code} is not a redirect that Octavia has; use one of ${REDIRECT_CODES.join(', ')}`,
  },
  {
    source: 'API of Octavia: 255 characters of a URL',
    objection: (patch) =>
      locations(patch).some((location) => location.length > 255)
        ? 'its URL is longer than 255 characters; shorten it'
        : undefined,
  },
];

function locations({ redirectUrl, redirectPrefix }: L7PolicyPatch): readonly string[] {
  return [redirectUrl, redirectPrefix].filter((location) => location !== undefined);
}
