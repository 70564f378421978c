import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Logger, SERVICES, type SharedWatcher, SILENT_LOGGER, type StoreEvent } from '@kuryr-l7/kube';
import { FakeClock } from '@kuryr-l7/kube/testing';
import { type Handler, NotReadyError } from '@kuryr-l7/plugin';
import { HandlerPipeline } from './handler-pipeline.js';

const MINUTE = 60_000;
const WEB = { metadata: { namespace: 'shop', name: 'web' } };

let clock: FakeClock;
let lines: string[];
let failure: Error | undefined;
let tries: number;
let pipeline: HandlerPipeline;
let store: Map<string, typeof WEB>;

const record = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
const logger: Logger = { ...SILENT_LOGGER, info: record('info'), warn: record('warn'), error: record('error') };

const handler: Handler = {
  name: 'lb',
  kind: SERVICES,
  async onPresent() {
    tries += 1;
    if (failure !== undefined) throw failure;
  },
  onDeleted: async () => undefined,
};

/** Has one Service. */
const watcher = {
  watch: () => ({
    kind: SERVICES,
    store,
    synced: Promise.resolve(),
    subscribe(listener: (event: StoreEvent) => void) {
      listener({ type: 'present', key: 'shop/web', object: WEB });
      return () => undefined;
    },
  }),
} as unknown as SharedWatcher;

beforeEach(() => {
  clock = new FakeClock();
  lines = [];
  tries = 0;
  failure = undefined;
  store = new Map([['shop/web', WEB]]);
});

afterEach(() => pipeline.stop());

async function begin(more: Partial<Handler> = {}): Promise<void> {
  pipeline = new HandlerPipeline({ handler: { ...handler, ...more }, watcher, logger, workers: 1, clock });
  await pipeline.start();
}

/** Tries that follow the last one, by the back-off of the queue. */
async function triesIn(milliseconds: number): Promise<number> {
  const before = tries;
  await clock.advance(milliseconds);
  return tries - before;
}

describe('an object that a handler fails with', () => {
  it('is logged once, however often it is tried, and when it is well again', async () => {
    failure = new Error('the floating IP 203.0.113.9 is not there (req-1a)');
    await begin();
    expect(await triesIn(MINUTE)).toBeGreaterThan(5);
    expect(lines).toHaveLength(1);
    expect(pipeline.failing).toEqual([{ key: 'shop/web', since: clock.wallTime() - MINUTE, reason: failure.message }]);
    expect(lines[0]).toMatch(/^warn Service shop\/web: the floating IP .* is not there \(req-1a\); tried again in /);
    failure = new Error('the quota is used up');
    expect(await triesIn(10 * MINUTE)).toBeGreaterThan(0);
    expect(lines.slice(1)).toEqual([expect.stringContaining('the quota is used up')]);
    failure = undefined;
    await triesIn(10 * MINUTE);
    expect(lines.slice(2)).toEqual(['info Service shop/web: all is well again']);
    expect(pipeline.failing).toEqual([]);
  });

  it('is known, too, where that is in work of the handler’s own; one that can not tell is logged', async () => {
    const own = { key: 'shop/till', since: 0, reason: 'no quota' };
    await begin({ failing: () => [own] });
    expect(pipeline.failing).toEqual([own]);
    await pipeline.stop();
    const broken = () => {
      throw new Error('oops');
    };
    await begin({ failing: broken });
    expect(pipeline.failing).toEqual([]);
    expect(lines).toEqual(['error handler lb can not tell what it fails with']);
    await pipeline.stop();
    await begin({ failing: () => [{ ...own, since: Number.NaN }] });
    expect(pipeline.failing).toEqual([]);
    expect(lines).toHaveLength(2);
  });

  it('is one, and not well again yet, where the handler fails with it in work of its own, too', async () => {
    failure = new Error('Neutron does not answer');
    const own = { key: 'shop/web', since: clock.wallTime() - MINUTE, reason: 'its port is DOWN' };
    await begin({ failing: () => [own] });
    expect(pipeline.failing).toEqual([{ ...own, reason: failure.message }]);
    failure = undefined;
    expect(await triesIn(10 * MINUTE)).toBe(1);
    expect(pipeline.failing).toEqual([own]);
    expect(lines).toEqual([expect.stringContaining('Neutron does not answer')]);
  });

  it('is not said to be well again when it is gone', async () => {
    failure = new Error('the quota is used up');
    await begin();
    store.clear();
    await triesIn(10 * MINUTE);
    expect(pipeline.failing).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('the quota is used up')]);
  });

  it('is not logged where something just is not ready yet, but where that lasts', async () => {
    failure = new NotReadyError('the port is not ACTIVE yet');
    await begin();
    expect(await triesIn(MINUTE / 2)).toBeGreaterThan(5);
    expect([lines, pipeline.failing]).toEqual([[], []]);
    await triesIn(10 * MINUTE);
    expect(lines).toEqual([expect.stringContaining('the port is not ACTIVE yet')]);
    expect(pipeline.failing).toMatchObject([{ key: 'shop/web', reason: failure.message }]);
    failure = undefined;
    await triesIn(10 * MINUTE);
    expect(lines.slice(1)).toEqual(['info Service shop/web: all is well again']);
  });
});
