import fc from 'fast-check';

/** What is wrong with each of the cases, in their order; undefined for one that is right. */
export type BatchCheck<Case> = (cases: readonly Case[]) => Promise<readonly (string | undefined)[]>;

/** How long a failing case is made smaller. */
const SHRINKING_MILLISECONDS = 120_000;

/**
 * fast-check's `assert` for a check that is cheap for many cases at once and dear for each alone, as one start of HAProxy
 * is. A case that fails is checked once more by itself, and made as small as can be.
 *
 * @throws by fast-check, with the smallest case, its seed and what is wrong with it
 */
export async function assertInBatches<Case>(
  arbitrary: fc.Arbitrary<Case>,
  check: BatchCheck<Case>,
  { cases: numRuns, batchSize }: { readonly cases: number; readonly batchSize: number },
): Promise<void> {
  const seed = Math.trunc(Math.random() * 2 ** 31);
  const cases = fc.sample(arbitrary, { seed, numRuns });
  for (let start = 0; start < cases.length; start += batchSize) {
    const faults = await check(cases.slice(start, start + batchSize));
    const index = faults.findIndex((fault) => fault !== undefined);
    if (index < 0) continue;
    const alone = fc.asyncProperty(arbitrary, async (one) => {
      const [fault] = await check([one]);
      if (fault !== undefined) throw new Error(fault);
    });
    const path = `${start + index}`;
    await fc.assert(alone, { seed, path, numRuns: 1, interruptAfterTimeLimit: SHRINKING_MILLISECONDS });
    throw new Error(`It fails only together with others (seed ${seed}, path ${path}): ${faults[index]}`);
  }
}
