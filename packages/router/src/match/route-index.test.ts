import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { L7Policy } from '../model.js';
import { hostRule, prefixPathRule } from '../rule-forms.js';
import { arbitraryPolicies, arbitraryRequest, header, policy } from './policies.fixture.js';
import { route } from './route.js';
import { RouteIndex, routeIndexes } from './route-index.js';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;

describe('the route index', () => {
  it('decides as trying every policy in order does, whatever the policies', () => {
    fc.assert(
      fc.property(
        arbitraryPolicies,
        fc.array(arbitraryRequest, { minLength: 1, maxLength: 10 }),
        (policies, requests) => {
          const router = { listeners: [{ ...LISTENER, policies }], pools: [] };
          const index = new RouteIndex(policies);
          for (const request of requests) {
            const found = index.match(request.host, request.path, request.headers);
            expect([request, found?.key]).toEqual([request, route(router, LISTENER.key, request).policy?.key]);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds a policy with further conditions before the plain one of the same host and path', () => {
    const rules = [hostRule('www.example.com'), prefixPathRule('/a')];
    const index = new RouteIndex([policy('canary', [...rules, header('X-Canary', 'yes')]), policy('plain', rules)]);
    expect(index.match('www.example.com', '/a', { 'x-canary': 'yes' })?.key).toBe('canary');
    expect(index.match('www.example.com', '/a')?.key).toBe('plain');
  });

  it('is one for listeners that share their policies', () => {
    const policies: readonly L7Policy[] = [policy('a', [hostRule('a.x')])];
    const https = { key: 'TERMINATED_HTTPS:443', protocol: 'TERMINATED_HTTPS', port: 443 } as const;
    const indexes = routeIndexes({
      listeners: [
        { ...LISTENER, policies },
        { ...https, policies },
      ],
      pools: [],
    });
    expect(indexes.get('HTTP:80')).toBe(indexes.get('TERMINATED_HTTPS:443'));
    expect(indexes.get('HTTP:80')?.match('a.x', '/')?.key).toBe('a');
  });

  it('looks up no prefix longer than the longest there is, so that a path of slashes is no burden', () => {
    const index = new RouteIndex([policy('a', [hostRule('a.x'), prefixPathRule('/a')])]);
    expect(index.match('a.x', '/a'.padEnd(1_000_000, '/'))?.key).toBe('a');
    expect(index.match('a.x', '/'.repeat(1_000_000))).toBeUndefined();
  });
});
