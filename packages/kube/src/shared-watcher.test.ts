import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WatcherStoppedError } from './errors.js';
import { FakeClock, settle } from './fake-clock.js';
import { FakeTransport } from './fake-transport.fixture.js';
import { KubernetesApiError } from './kubernetes-api-error.js';
import { RecordingLogger } from './recording-logger.fixture.js';
import { INGRESSES, SERVICES } from './resource-kinds.js';
import { createSharedWatcher } from './shared-watcher.js';
import type { SharedWatcher, StoreEvent } from './watched-kind.js';

function service(name: string, resourceVersion: number, labels: Record<string, string> = {}): unknown {
  return { metadata: { namespace: 'shop', name, uid: name, resourceVersion: String(resourceVersion), labels } };
}

describe('createSharedWatcher', () => {
  let clock: FakeClock;
  let logger: RecordingLogger;
  let transport: FakeTransport;
  let watcher: SharedWatcher;
  let services: unknown[];
  let version: number;

  beforeEach(() => {
    clock = new FakeClock();
    logger = new RecordingLogger();
    services = [service('a', 1), service('b', 2)];
    version = 7;
    transport = new FakeTransport(({ path }) => ({
      metadata: { resourceVersion: String(version) },
      items: path.endsWith('/services') ? structuredClone(services) : [],
    }));
    watcher = createSharedWatcher(transport, { clock, logger, random: () => 0 });
  });

  afterEach(async () => {
    await watcher.stop();
    expect(clock.pending).toBe(0);
  });

  /** What a listener hears, in short. */
  function hear(heard: string[]): (event: StoreEvent) => void {
    return ({ type, key, object }) => heard.push(`${type} ${key} ${object.metadata.resourceVersion}`);
  }

  it('makes one list and one watch for each kind, however many want it', async () => {
    const first = watcher.watch(SERVICES);
    expect(watcher.watch({ ...SERVICES })).toBe(first);
    watcher.watch(INGRESSES);
    await settle();
    expect(transport.requests).toHaveLength(0);
    watcher.start();
    watcher.start();
    expect(watcher.watch(SERVICES)).toBe(first);
    await settle();
    expect(transport.requests.map(({ path }) => path)).toEqual([
      '/api/v1/services',
      '/apis/networking.k8s.io/v1/ingresses',
    ]);
    expect(transport.streams).toHaveLength(2);
  });

  it('watches a kind that is first asked for after the start', async () => {
    watcher.start();
    await watcher.watch(SERVICES).synced;
    expect(watcher.watch(SERVICES).store.size).toBe(2);
  });

  it('has synced when the first list is in the store', async () => {
    const watched = watcher.watch(SERVICES);
    expect(watched.hasSynced).toBe(false);
    watcher.start();
    await watched.synced;
    expect(watched.hasSynced).toBe(true);
    expect([...watched.store.keys()]).toEqual(['shop/a', 'shop/b']);
  });

  it('tells each listener what changes, after the store is updated', async () => {
    const watched = watcher.watch(SERVICES);
    const heard: string[][] = [[], []];
    for (const list of heard) watched.subscribe(hear(list));
    watched.subscribe(({ type, key }) => expect(watched.store.get(key) === undefined).toBe(type === 'deleted'));
    watcher.start();
    await watched.synced;
    await settle();
    transport.watch.event('MODIFIED', service('a', 8));
    transport.watch.event('DELETED', service('b', 9));
    await settle();
    for (const list of heard) {
      expect(list).toEqual(['present shop/a 1', 'present shop/b 2', 'present shop/a 8', 'deleted shop/b 9']);
    }
    expect(logger.messages('error')).toEqual([]);
  });

  it('replays what is stored to a late listener, and nothing to one that left', async () => {
    const watched = watcher.watch(SERVICES);
    watcher.start();
    await watched.synced;
    await settle();
    const heard: string[] = [];
    const unsubscribe = watched.subscribe(hear(heard));
    expect(heard).toEqual(['present shop/a 1', 'present shop/b 2']);
    unsubscribe();
    transport.watch.event('MODIFIED', service('a', 8));
    await settle();
    expect(heard).toHaveLength(2);
    expect(watched.store.get('shop/a')?.metadata.resourceVersion).toBe('8');
  });

  it('tells a listener that comes in the middle of a list of each object once', async () => {
    const watched = watcher.watch(SERVICES);
    const heard: string[] = [];
    const unsubscribe = watched.subscribe(() => {
      unsubscribe();
      watched.subscribe(hear(heard));
    });
    watcher.start();
    await settle();
    expect(heard).toEqual(['present shop/a 1', 'present shop/b 2']);
  });

  it('is harmed by no listener that throws', async () => {
    const watched = watcher.watch(SERVICES);
    const heard: string[] = [];
    watched.subscribe(() => {
      throw new Error('broken');
    });
    watched.subscribe(hear(heard));
    watcher.start();
    await watched.synced;
    await settle();
    transport.watch.event('MODIFIED', service('a', 8));
    await settle();
    expect(heard).toEqual(['present shop/a 1', 'present shop/b 2', 'present shop/a 8']);
    expect(logger.messages('error')).toHaveLength(3);
  });

  it('is silent about objects that a relist finds unchanged, and tells of deletions that it finds', async () => {
    const watched = watcher.watch(SERVICES);
    const heard: string[] = [];
    watcher.start();
    await watched.synced;
    await settle();
    watched.subscribe(hear(heard));
    heard.length = 0;
    services = [service('a', 1), service('c', 30)];
    version = 31;
    transport.watch.fail(new KubernetesApiError('too old', { status: 410, reason: 'Expired' }));
    await clock.advance(800);
    expect(heard).toEqual(['deleted shop/b 2', 'present shop/c 30']);
  });

  it('keeps indexes up to date', async () => {
    const watched = watcher.watch(SERVICES);
    watched.addIndex('app', ({ metadata }) => (metadata.labels?.app === undefined ? [] : [metadata.labels.app]));
    watcher.start();
    await watched.synced;
    await settle();
    expect(watched.store.byIndex('app', 'web')).toEqual([]);
    transport.watch.event('MODIFIED', service('a', 8, { app: 'web' }));
    await settle();
    expect(watched.store.byIndex('app', 'web').map(({ metadata }) => metadata.name)).toEqual(['a']);
  });

  it('shows the state of each kind', async () => {
    watcher.watch(SERVICES);
    expect(watcher.states).toMatchObject([{ kind: SERVICES, synced: false, objects: 0, counters: { lists: 0 } }]);
    watcher.start();
    await settle();
    expect(watcher.states).toMatchObject([
      { kind: SERVICES, synced: true, objects: 2, counters: { lists: 1, watches: 1, errors: 0 } },
    ]);
  });

  it('ends every watch when stopped, and rejects what has not synced', async () => {
    transport = new FakeTransport(() => new Promise(() => undefined));
    watcher = createSharedWatcher(transport, { clock });
    const { synced } = watcher.watch(SERVICES);
    watcher.start();
    await settle();
    await watcher.stop();
    await expect(synced).rejects.toThrow(WatcherStoppedError);
    await expect(watcher.watch(INGRESSES).synced).rejects.toMatchObject({ code: 'ERR_WATCHER_STOPPED' });
    watcher.start();
    await settle();
    expect(transport.requests).toHaveLength(1);
  });
});
