import { expect, it } from '@jest/globals';
import { serviceChanges } from './services.js';
import { openSimulatedCloud } from './simulated-cloud.js';

it('changes to Services take no more writes than promised, and never more than Kuryr took', async () => {
  const on = await openSimulatedCloud('member');
  try {
    const changes = await serviceChanges(on, new AbortController().signal);
    expect(changes.map(({ change, writes }) => ({ change, writes }))).toEqual(
      changes.map(({ change, atMost }) => ({ change, writes: atMost })),
    );
    for (const { kuryr, writes } of changes) expect(writes).toBeLessThanOrEqual(kuryr);
    expect(changes.map(({ neutronWrites }) => neutronWrites)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 1]);
  } finally {
    await on.close();
  }
});
