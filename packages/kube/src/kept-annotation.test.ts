import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from './fake-clock.js';
import { KeptAnnotation } from './kept-annotation.js';
import { SERVICES } from './resource-kinds.js';

const NAME = 'openstack.org/state';
const SIGNAL = new AbortController().signal;
const MINUTE = 60_000;

let clock: FakeClock;
let version: number;
/** What the Service is annotated with. */
let there: string | null;
let writes: number;
let kept: KeptAnnotation<ReturnType<typeof service>>;
/** What the Service should be annotated with. */
let wanted: string | null;

function service() {
  const annotations: Record<string, string> = there === null ? {} : { [NAME]: there };
  return { metadata: { namespace: 'shop', name: 'web', resourceVersion: String(version), annotations } };
}

function write(value: string | null): void {
  version += 1;
  there = value;
}

const look = () => kept.keep(service(), wanted, SIGNAL);

beforeEach(() => {
  clock = new FakeClock();
  [version, writes, there, wanted] = [1, 0, null, 'ours'];
  const annotate = async (_kind: unknown, _object: unknown, annotations: Readonly<Record<string, string | null>>) => {
    const value = annotations[NAME] ?? null;
    if (value === there) return true;
    writes += 1;
    write(value);
    return true;
  };
  kept = new KeptAnnotation({ annotate }, SERVICES as never, NAME, () => void look(), clock);
});

describe('an annotation that is kept', () => {
  it('is written, and mended at once where somebody replaces it', async () => {
    await look();
    write('theirs');
    await look();
    expect([there, writes]).toEqual(['ours', 2]);
  });

  it.each(['ours', null])('is no endless war with somebody who insists on another value than %s', async (value) => {
    wanted = value;
    for (let second = 0; second < 600; second += 1) {
      if (there !== 'theirs') write('theirs');
      await look();
      await clock.advance(1_000);
    }
    expect(writes).toBeLessThan(20);
    await clock.advance(10 * MINUTE);
    expect(there).toBe(wanted);
  });

  it('follows what is wanted at once all the same', async () => {
    for (let round = 0; round < 5; round += 1) {
      await look();
      write('theirs');
    }
    wanted = 'newer';
    await look();
    expect(there).toBe('newer');
  });

  it('is let alone when its object is gone, or all ends', async () => {
    for (let round = 0; round < 5; round += 1) {
      await look();
      write('theirs');
    }
    expect(clock.pending).toBe(1);
    kept.forget('shop/web');
    expect(clock.pending).toBe(0);
  });
});
