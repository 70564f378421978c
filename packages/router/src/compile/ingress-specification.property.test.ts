import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FULL_CAPABILITIES, type RouterCapabilities } from '../capabilities.js';
import { route } from '../match/route.js';
import { RouteIndex } from '../match/route-index.js';
import type { L7Policy } from '../model.js';
import { inPolicyOrder } from '../policy-order.js';
import {
  arbitraryIngresses,
  arbitraryRequest,
  arbitraryServices,
  OCTAVIA_LIKE,
  OPTIONS,
  SHARING,
} from './cluster.fixture.js';
import { compileRouter } from './compile-router.js';
import { type SpecifiedAnswer, type SpecifiedCluster, specifiedAnswer } from './ingress-specification.fixture.js';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;

function compile(cluster: SpecifiedCluster, capabilities: RouterCapabilities, hostOwnership: boolean) {
  const objects = { ...cluster, ingressClasses: [], endpointSlices: [] };
  return compileRouter(objects, { ...OPTIONS, hostOwnership }, capabilities, [LISTENER], 'IPv4');
}

const { notFoundPool: _none, ...WITHOUT_404 } = SHARING;

function answerOf(policy: L7Policy | undefined, compiled: ReturnType<typeof compile>): SpecifiedAnswer {
  if (policy === undefined || policy.redirectPool === 'not-found') return 404;
  if (policy.action === 'FIXED_RESPONSE') return policy.statusCode === 404 ? 404 : 503;
  const pool = compiled.compilation.pools.find(({ name }) => name === policy.redirectPool);
  if (pool === undefined)
    throw new Error(`policy ${policy.key} leads to pool ${policy.redirectPool}, which is not wanted`);
  return pool.port === undefined ? 503 : `${pool.service}:${pool.port.number}`;
}

describe('what the router does with a request', () => {
  it.each([
    ['with answers of its own', FULL_CAPABILITIES, 404],
    ['such as Octavia', OCTAVIA_LIKE, 404],
    ['where hosts and paths share policies', SHARING, 404],
    ['that cannot answer 404 and answers 503', WITHOUT_404, 503],
  ] as const)('is what the Ingress specification says, on a router %s', (_name, capabilities, notFound) => {
    const ofRouter = (answer: SpecifiedAnswer): SpecifiedAnswer => (answer === 404 ? notFound : answer);
    fc.assert(
      fc.property(
        arbitraryIngresses,
        arbitraryServices,
        fc.array(arbitraryRequest, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        (ingresses, services, requests, hostOwnership) => {
          const cluster = { ingresses, services };
          const compiled = compile(cluster, capabilities, hostOwnership);
          const index = new RouteIndex(compiled.compilation.policies);
          for (const request of requests) {
            const specified = ofRouter(specifiedAnswer(cluster, request, hostOwnership));
            const { policy } = route(compiled.router, LISTENER.key, request);
            expect([request, ofRouter(answerOf(policy, compiled))]).toEqual([request, specified]);
            const indexed = index.match(request.host, request.path);
            expect([request, ofRouter(answerOf(indexed, compiled))]).toEqual([request, specified]);
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it.each([
    ['such as Octavia', OCTAVIA_LIKE],
    ['where hosts and paths share policies', SHARING],
    ['that cannot answer 404', WITHOUT_404],
  ])(
    'comes from policies in the documented order, each with a key of its own, and pools that policies lead to, on a router %s',
    (_name, capabilities) => {
      fc.assert(
        fc.property(arbitraryIngresses, arbitraryServices, fc.boolean(), (ingresses, services, hostOwnership) => {
          const { compilation } = compile({ ingresses, services }, capabilities, hostOwnership);
          const { policies, pools } = compilation;
          expect(inPolicyOrder(policies).map(({ policy }) => policy)).toEqual(policies);
          expect(new Set(policies.map(({ key }) => key)).size).toBe(policies.length);
          const used = new Set(policies.map(({ redirectPool }) => redirectPool).filter((name) => name !== 'not-found'));
          expect(pools.map(({ name }) => name)).toEqual([...used].sort());
        }),
      );
    },
  );
});
