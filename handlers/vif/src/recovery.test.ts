import { expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { FakeClock } from '@kuryr-l7/kube/testing';
import { Recovery } from './recovery.js';

it('a recovery that fails again and again is logged once', async () => {
  const lines: string[] = [];
  let tries = 0;
  const recover = async () => {
    tries += 1;
    throw new Error(`401 Unauthorized (req-${tries})`);
  };
  const recovery = new Recovery(recover, { ...SILENT_LOGGER, warn: (text) => void lines.push(text) });
  const clock = new FakeClock();
  recovery.begin(clock);
  await clock.advance(120_000);
  expect(tries).toBe(5);
  expect(lines).toEqual(['VIFs that Pods have left behind are not known yet: 401 Unauthorized (req-1); tried again']);
  await recovery.stop();
  expect(clock.pending).toBe(0);
});
