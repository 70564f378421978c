/** The specification of Ingress, held against what Octavia's own code makes of our policies on a real HAProxy. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assertInBatches } from './rendering/assert-in-batches.js';
import { Backends } from './rendering/backends.js';
import { HOST_CASES, PATH_CHARACTERS, pathCases } from './rendering/character-cases.js';
import { problemsOf } from './rendering/compiled-router.js';
import { Rendering } from './rendering/rendering.js';
import { specificationFaults } from './rendering/specification-faults.js';
import { arbitraryCase, type SpecifiedCase } from './rendering/specified-cases.js';
import { arbitraryTransition, transitionFaults } from './rendering/transition-faults.js';

/** `SPECIFICATION_CASES=3000` takes longer and sees more. */
const CASES = Number(process.env.SPECIFICATION_CASES ?? 300);
/** Each has dozens of states, which are served as a case is. */
const TRANSITIONS = Math.ceil(CASES / 15);
const TIMEOUT_MILLISECONDS = 240_000 + 200 * CASES;

let rendering: Rendering;
let backends: Backends;

beforeAll(() => {
  rendering = new Rendering();
  backends = new Backends();
});

afterAll(async () => {
  await rendering.stop();
  await backends.close();
});

describe("on Octavia's own HAProxy, what the router does with a request", () => {
  it(
    'is what the Ingress specification says',
    () =>
      assertInBatches(arbitraryCase, (cases) => specificationFaults(cases, rendering, backends), {
        cases: CASES,
        batchSize: 50,
      }),
    TIMEOUT_MILLISECONDS,
  );

  it('is the same for every character of a path that the compiler lets through', async () => {
    const isRefused = (character: string) => pathCases(character).some((one) => problemsOf(one).length > 0);
    expect(PATH_CHARACTERS.filter(isRefused).join('')).toBe('"#&\'<>?');
    await expectNoFaults(PATH_CHARACTERS.filter((character) => !isRefused(character)).flatMap(pathCases));
  });

  it('is the same for every character of a host', async () => {
    expect(HOST_CASES.flatMap(problemsOf)).toEqual([]);
    await expectNoFaults(HOST_CASES);
  });
});

describe("on Octavia's own HAProxy, while a plan is carried out", () => {
  it(
    'each request gets what it got before or what it gets afterwards, just as the model says',
    () =>
      assertInBatches(arbitraryTransition, (cases) => transitionFaults(cases, rendering, backends), {
        cases: TRANSITIONS,
        batchSize: 4,
      }),
    TIMEOUT_MILLISECONDS,
  );
});

async function expectNoFaults(cases: readonly SpecifiedCase[]): Promise<void> {
  const faults = await specificationFaults(cases, rendering, backends);
  expect(faults.filter((fault) => fault !== undefined).join('\n')).toBe('');
}
