import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';

describe('a router', () => {
  let there: SimulatedCloud;
  beforeAll(async () => {
    there = await SimulatedCloud.start();
  });
  afterAll(() => there.stop());

  it('opens', async () => {
    const router = await there.open();
    console.log(router.description, await router.snapshot({ full: true }, NEVER));
    await router.close();
  });
});
