import { describe, expect, it } from '@jest/globals';
import { settle } from '../fake-clock.fixture.js';
import { RequestSlots } from './request-slots.js';

const never = new AbortController().signal;

describe('request slots', () => {
  it('are given in the order of asking, and given back after failures', async () => {
    const slots = new RequestSlots(1);
    const order: number[] = [];
    const work = (index: number) =>
      slots.run(never, async () => {
        order.push(index);
        await settle();
        if (index === 1) throw new Error('failed');
      });
    const results = await Promise.allSettled([work(0), work(1), work(2)]);
    expect(order).toEqual([0, 1, 2]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('are not lost with those who stop waiting', async () => {
    const slots = new RequestSlots(1);
    const abort = new AbortController();
    let release = (): void => undefined;
    const first = slots.run(
      never,
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    const impatient = slots.run(abort.signal, async () => 'ran');
    const patient = slots.run(never, async () => 'ran');
    abort.abort(new Error('no time'));
    await expect(impatient).rejects.toThrow('no time');
    release();
    await first;
    expect(await patient).toBe('ran');
    await expect(slots.run(abort.signal, async () => 'ran')).rejects.toThrow('no time');
    expect(await slots.run(never, async () => 'ran')).toBe('ran');
  });
});
