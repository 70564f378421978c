import { describe, expect, it } from '@jest/globals';
import { sleep } from '@kuryr-l7/kube';
import { VirtualClock } from './virtual-clock.js';

describe('a virtual clock', () => {
  it('stands still while nobody sleeps', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    clock.after(1_000, () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(start);
  });

  it('jumps over a sleep at once, and calls back on the way what comes due, in order', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const times: number[] = [];
    clock.after(2_000, () => void times.push(clock.now() - start));
    clock.after(1_000, () => void times.push(clock.now() - start));
    clock.after(3_600_001, () => void times.push(0));
    await sleep(clock, 3_600_000);
    expect(clock.now() - start).toBe(3_600_000);
    expect(times).toEqual([1_000, 2_000]);
  });

  it('does not go on before what it has called back has settled', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    let seen = 0;
    clock.after(10, async () => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      seen = clock.now() - start;
    });
    await sleep(clock, 20);
    expect(seen).toBe(10);
  });

  it('stands still during what is done at once', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const slept = sleep(clock, 10);
    let seen = -1;
    await clock.atOnce(async () => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      seen = clock.now() - start;
    });
    await slept;
    expect(seen).toBe(0);
    expect(clock.now() - start).toBe(10);
  });

  it('forgets what is called off', async () => {
    const clock = new VirtualClock();
    let called = false;
    const cancel = clock.after(10, () => {
      called = true;
    });
    cancel();
    await sleep(clock, 20);
    expect(called).toBe(false);
  });
});
