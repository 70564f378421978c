import { describe, expect, it } from '@jest/globals';
import type { ObservedListener, ObservedRouter } from '@kuryr-l7/router';
import { explain } from './explain-page.js';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;
const REQUEST = { host: 'nobody.example', path: '/', headers: {} };
const member = { address: '10.0.0.9', port: 80, weight: 1, backup: false };
const pool = {
  name: 'not-found',
  protocol: 'HTTP',
  lbAlgorithm: 'ROUND_ROBIN',
  members: [member],
  source: { kind: '', namespace: '', name: '' },
} as const;

const router = (rest: Partial<ObservedListener>): ObservedRouter => ({
  listeners: [{ ...LISTENER, policies: [], ...rest }],
  pools: [pool],
});

describe('what explain says of a request that no policy matches', () => {
  it('is the 404 of a router that says nothing else', () => {
    expect(explain(router({}), LISTENER, REQUEST)).toMatchObject({ action: 'FIXED_RESPONSE', statusCode: 404 });
  });

  it('is the status that the router itself answers with', () => {
    expect(explain(router({ unmatched: { statusCode: 503 } }), LISTENER, REQUEST)).toMatchObject({ statusCode: 503 });
  });

  it('is the default pool with its members, and 404 where it is known to answer that', () => {
    const observed = router({ unmatched: { pool: 'not-found' } });
    const answer = explain(observed, LISTENER, REQUEST);
    expect(answer).toMatchObject({ action: 'REDIRECT_TO_POOL', pool: 'not-found', members: [{ address: '10.0.0.9' }] });
    expect(answer).not.toHaveProperty('statusCode');
    expect(explain(observed, LISTENER, REQUEST, 'not-found')).toMatchObject({ pool: 'not-found', statusCode: 404 });
  });
});
