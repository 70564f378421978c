import { describe, expect, it } from '@jest/globals';
import type { WatchEvent } from './api-client.js';
import { at, CONFIG_MAPS, eventText, statusOf, TestBackend } from './backend.fixture.js';

describe('watch', () => {
  it.each(['', '0'])('from resourceVersion %j begins with what there is', (resourceVersion) => {
    const backend = new TestBackend();
    backend.configMap('b');
    backend.configMap('a');
    const seen = backend.watchConfigMaps({ resourceVersion });
    backend.configMap('c');
    backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', { data: { x: 'y' } });
    backend.client.delete(at(CONFIG_MAPS, 'b'));
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'MODIFIED a', 'DELETED b']);
  });

  it('from a resourceVersion repeats what came after it', () => {
    const backend = new TestBackend();
    const { metadata } = backend.configMap('a');
    backend.configMap('b');
    backend.client.delete(at(CONFIG_MAPS, 'b'));
    const seen = backend.watchConfigMaps({ resourceVersion: metadata.resourceVersion ?? '' });
    backend.configMap('c');
    expect(seen).toEqual(['ADDED b', 'DELETED b', 'ADDED c']);
  });

  it('from before a compaction is refused with 410', () => {
    const backend = new TestBackend();
    const { metadata } = backend.configMap('a');
    backend.configMap('b');
    backend.storage.compact();
    const status = statusOf(() => backend.watchConfigMaps({ resourceVersion: metadata.resourceVersion ?? '' }));
    expect(status).toMatchObject({ code: 410, reason: 'Expired' });
  });

  it('turns a change of selection into an addition or a deletion', () => {
    const backend = new TestBackend();
    backend.configMap('a', { labels: { app: 'web' } });
    const seen: WatchEvent[] = [];
    backend.client.watch(CONFIG_MAPS, { labelSelector: 'app=web' }, (event) => seen.push(event));
    const left = backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', { metadata: { labels: { app: 'other' } } });
    backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', { data: { x: 'unseen' } });
    backend.client.patch(at(CONFIG_MAPS, 'a'), 'merge', { metadata: { labels: { app: 'web' } } });
    expect(seen.map(eventText)).toEqual(['ADDED a', 'DELETED a', 'ADDED a']);
    expect(seen[1]?.object.metadata).toMatchObject({
      labels: { app: 'web' },
      resourceVersion: left.metadata.resourceVersion,
    });
  });

  it('ends its beginning with a bookmark when asked to send it', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    const seen: WatchEvent[] = [];
    const options = {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    } as const;
    backend.client.watch(CONFIG_MAPS, options, (event) => seen.push(event));
    expect(seen.map(eventText)).toEqual(['ADDED a', 'BOOKMARK']);
    expect(seen[1]?.object).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        resourceVersion: String(backend.storage.revision),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    });
  });

  it('begins with nothing when asked not to send it', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    const seen = backend.watchConfigMaps({ sendInitialEvents: false, resourceVersionMatch: 'NotOlderThan' });
    backend.configMap('b');
    expect(seen).toEqual(['ADDED b']);
  });

  it('refuses sendInitialEvents without the match it needs', () => {
    const backend = new TestBackend();
    expect(statusOf(() => backend.watchConfigMaps({ sendInitialEvents: true })).message).toMatch(
      /sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/,
    );
  });

  it('says nothing after it has ended', () => {
    const backend = new TestBackend();
    const seen: WatchEvent[] = [];
    const end = backend.client.watch(CONFIG_MAPS, {}, (event) => seen.push(event));
    end();
    backend.configMap('a');
    expect(seen).toEqual([]);
  });

  it('keeps the order when the callback writes during the beginning', () => {
    const backend = new TestBackend();
    backend.configMap('a');
    backend.configMap('b');
    const seen: string[] = [];
    backend.client.watch(CONFIG_MAPS, {}, (event) => {
      seen.push(eventText(event));
      if (event.type === 'ADDED')
        backend.client.patch(at(CONFIG_MAPS, event.object.metadata.name), 'merge', { data: { x: 'y' } });
    });
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'MODIFIED b']);
  });
});
