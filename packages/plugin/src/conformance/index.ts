/**
 * The conformance suite for L7 router drivers. A driver's own test calls it; it opens routers through the fixture, writes
 * to them as the controller does, and checks with real requests to real backends what has come of it.
 *
 * ```ts
 * import { describe, it } from '@jest/globals'; // or mocha, vitest, node:test
 * import { l7RouterConformance } from '@kuryr-l7/plugin/conformance';
 *
 * l7RouterConformance(
 *   {
 *     name: 'acme',
 *     capabilities: ACME_CAPABILITIES,
 *     async open() {
 *       const router = await new AcmeDriver(configurationForTests).open(new AbortController().signal);
 *       return { router, close: () => router.close() };
 *     },
 *     // Where the router takes a moment after a write was answered:
 *     patience: 2_000,
 *     // Where its state outlives the process:
 *     reopen: () => new AcmeDriver(configurationForTests).open(new AbortController().signal),
 *   },
 *   { describe, it },
 * );
 * ```
 *
 * The tests listen on ports of this machine ({@link L7RouterFixture.backendAddress}); the router must be able to reach
 * them. A test that needs what the router can't do is skipped under a name that says which capability is missing.
 */
import type { ConformanceTest } from './conformance-test.js';
import type { L7RouterFixture, TestFramework } from './fixture.js';
import { type Mode, RouterUnderTest } from './router-under-test.js';
import { TEST_TIMEOUT_MILLISECONDS } from './test-timeout.js';
import { POLICY_TESTS } from './tests/policies.js';
import { POOL_TESTS } from './tests/pools.js';
import { ROUTING_TESTS } from './tests/routing.js';
import { CHANGE_TESTS, FOREIGN_TESTS, REOPENING_TESTS, STATE_TESTS } from './tests/state.js';

export {
  endpointsLbaasDriverConformance,
  type LbaasFixture,
  type OpenedLbaasDriver,
} from './endpoints-lbaas-driver.js';
export type {
  ClientRequest,
  ClientResponse,
  ForeignObjects,
  L7RouterFixture,
  OpenedRouter,
  TestFramework,
} from './fixture.js';
export {
  type PlaceFixture,
  projectDriverConformance,
  securityGroupsDriverConformance,
  subnetsDriverConformance,
} from './place-drivers.js';
export { type OpenedVifDriver, podVifDriverConformance, type VifFixture } from './pod-vif-driver.js';
export {
  type OpenedPublicIpDriver,
  type PublicIpFixture,
  servicePublicIpDriverConformance,
} from './service-public-ip-driver.js';
export { settings } from './settings.js';
export { type OpenVifPool, type VifCloud, VifCluster, type VifDriverClass } from './vif-cluster.js';
export { type OpenedVifPool, type VifPoolFixture, vifPoolDriverConformance } from './vif-pool-driver.js';

/** Defines the tests for a driver; to be called where tests are defined. */
export function l7RouterConformance(fixture: L7RouterFixture, framework: TestFramework): void {
  const written = [...STATE_TESTS, ...ROUTING_TESTS, ...POOL_TESTS, ...POLICY_TESTS];
  const single = [
    ...CHANGE_TESTS,
    ...(fixture.reopen === undefined ? [] : REOPENING_TESTS),
    ...(fixture.addForeignObjects === undefined ? [] : FOREIGN_TESTS),
  ];
  define('change by change', [...written, ...single], fixture, framework);
  if (fixture.capabilities.atomicReplace) define('in one exchange', written, fixture, framework);
}

function define(
  mode: Mode,
  tests: readonly ConformanceTest[],
  fixture: L7RouterFixture,
  framework: TestFramework,
): void {
  const { describe, it } = framework;
  describe(`the L7 router of driver ${fixture.name}, written ${mode}`, () => {
    for (const test of tests) {
      const missing = test.requires?.find((requirement) => !requirement.met(fixture.capabilities));
      if (missing !== undefined) {
        const name = `${test.name} (skipped: the router has no ${missing.name})`;
        // A capability that the router does not claim. Where the framework can't skip, it is left out: never a false pass.
        it.skip?.(name, async () => {});
      } else {
        it(test.name, () => runTest(test, mode, fixture), fixture.testTimeout ?? TEST_TIMEOUT_MILLISECONDS);
      }
    }
  });
}

async function runTest(test: ConformanceTest, mode: Mode, fixture: L7RouterFixture): Promise<void> {
  const subject = await RouterUnderTest.open(fixture, mode);
  try {
    await test.run(subject);
  } finally {
    await subject.close();
  }
}
