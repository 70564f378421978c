import type { ExpectationSuite } from './expectation.js';
import { type ExpectationCloud, ExpectationRunner } from './expectation-runner.js';
import { EXPECTATION_SUITES } from './suites.js';

/** The functions of a test framework that are needed. */
export interface ExpectationFramework {
  describe(name: string, define: () => void): unknown;
  it(name: string, run: () => Promise<void>): unknown;
  beforeAll(run: () => Promise<void>): unknown;
  afterAll(run: () => Promise<void>): unknown;
}

/** Defines a test for each expectation; to be called where tests are defined. */
export function defineExpectations(cloud: () => ExpectationCloud, framework: ExpectationFramework): void {
  for (const suite of EXPECTATION_SUITES) defineSuite(suite, cloud, framework);
}

function defineSuite(
  { name, setup, expectations, cleanup = [] }: ExpectationSuite,
  cloud: () => ExpectationCloud,
  { describe, it, beforeAll, afterAll }: ExpectationFramework,
): void {
  describe(name, () => {
    let runner: ExpectationRunner;
    beforeAll(async () => {
      runner = new ExpectationRunner(cloud());
      await runner.run(setup);
    });
    afterAll(async () => {
      await runner.deleteLoadBalancer();
      await runner.run(cleanup);
    });
    for (const expectation of expectations) it(expectation.name, () => runner.run(expectation.steps));
  });
}
