import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Fault, FaultyApiServer } from './faulty-api-server.fixture.js';
import { createTransport } from './http-transport.js';
import { CONFIG_MAPS } from './resource-kinds.js';
import { createSharedWatcher } from './shared-watcher.js';
import type { StoreEvent } from './watched-kind.js';

const WRITES = 2000;

/** Numbers in [0, 1) that are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Soak {
  readonly server: FaultyApiServer;
  readonly told: readonly StoreEvent[];
  readonly stored: readonly [string, string | undefined][];
}

/**
 * Writes two thousand times (and until each fault has happened) to a server with faults, beside a watcher, until the
 * watcher has what the server has.
 */
async function soak(faults: readonly Fault[], rate: number): Promise<Soak> {
  const random = seeded(20_261_121);
  const server = new FaultyApiServer(faults, rate, random);
  const anonymous = async () => ({ tls: {}, headers: {} });
  const transport = createTransport({
    server: await server.start(),
    credentials: { current: anonymous, refresh: anonymous },
    origin: 'a soak test',
  });
  const watcher = createSharedWatcher(transport, {
    random,
    pageSize: 7,
    idleTimeout: 60,
    initialBackoff: 4,
    maxBackoff: 20,
    healthyAfter: 40,
  });
  try {
    const watched = watcher.watch(CONFIG_MAPS);
    const told: StoreEvent[] = [];
    watched.subscribe((event) => told.push(event));
    watcher.start();
    await watched.synced;
    for (let write = 0; write < WRITES || server.injected.size < faults.length; write += 1) {
      server.write(`object-${Math.floor(random() * 60)}`);
      if (write % 4 === 0) await setTimeout(1);
    }
    const versions = (objects: Iterable<{ metadata: { name: string; resourceVersion?: string } }>) =>
      [...objects]
        .map(({ metadata }): [string, string | undefined] => [metadata.name, metadata.resourceVersion])
        .sort();
    const expected = JSON.stringify(versions(server.objects.values()));
    while (JSON.stringify(versions(watched.store.values())) !== expected) await setTimeout(5);
    return { server, told, stored: versions(watched.store.values()) };
  } finally {
    await watcher.stop();
    transport.close();
    await server.stop();
  }
}

describe('a shared watcher beside an API server with faults', () => {
  it('misses none of 2,000 events, and hears none twice, where each can be had again', async () => {
    const faults: Fault[] = [
      'disconnect',
      'clean end',
      'half a line',
      'silence',
      'server error',
      'too many requests',
      'unauthorized',
    ];
    const { server, told } = await soak(faults, 0.02);
    const heard = told.map(({ object }) => Number(object.metadata.resourceVersion));
    const once = new Set(heard);
    const missed = server.events.filter(({ version }) => !once.has(version));
    expect(missed).toEqual([]);
    expect(heard).toEqual(server.events.map(({ version }) => version));
  });

  it('misses no object and no deletion where the past is lost: 410, garbage, compaction', async () => {
    const faults: Fault[] = ['disconnect', 'half a line', 'silence', 'garbage', 'gone', 'server error', 'compaction'];
    const { server, told } = await soak(faults, 0.03);
    const alive = new Map<string, string | undefined>();
    for (const { type, key, object } of told) {
      if (type === 'present') alive.set(key, object.metadata.uid);
      else expect(alive.get(key)).toBe(object.metadata.uid);
      if (type === 'deleted') alive.delete(key);
    }
    const truth = [...server.objects.values()].map(({ metadata }) => [`soak/${metadata.name}`, metadata.uid]);
    expect([...alive].sort()).toEqual(truth.sort());
  });
});
