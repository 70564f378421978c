import { describe, expect, it } from '@jest/globals';
import type { ListOptions, ObjectList } from './api-client.js';
import { at, CONFIG_MAPS, NAMESPACES, statusOf, TestBackend } from './backend.fixture.js';

function names(list: ObjectList): string {
  return list.items.map(({ metadata }) => metadata.name).join('');
}

describe('list', () => {
  it('shows one namespace or all of them, sorted, with the resourceVersion of the whole', () => {
    const backend = new TestBackend();
    backend.client.create(NAMESPACES, '', { metadata: { name: 'a-first' } });
    backend.configMap('b');
    backend.configMap('a');
    backend.client.create(CONFIG_MAPS, 'a-first', { metadata: { name: 'c' } });
    expect(names(backend.client.list(CONFIG_MAPS))).toBe('cab');
    expect(names(backend.client.list(CONFIG_MAPS, { namespace: 'default' }))).toBe('ab');
    expect(backend.client.list(CONFIG_MAPS).resourceVersion).toBe(String(backend.storage.revision));
  });

  it('selects by labels and fields', () => {
    const backend = new TestBackend();
    backend.configMap('a', { labels: { app: 'web' } });
    backend.configMap('b', { labels: { app: 'web' } });
    backend.configMap('c');
    expect(names(backend.client.list(CONFIG_MAPS, { labelSelector: 'app' }))).toBe('ab');
    expect(names(backend.client.list(CONFIG_MAPS, { labelSelector: 'app', fieldSelector: 'metadata.name!=a' }))).toBe(
      'b',
    );
  });

  it('shows in all its pages what was there at the first', () => {
    const backend = new TestBackend();
    for (const name of 'abcde') backend.configMap(name);
    const first = backend.client.list(CONFIG_MAPS, { limit: 2 });
    expect(first).toMatchObject({ remainingItemCount: 3 });
    backend.client.delete(at(CONFIG_MAPS, 'c'));
    backend.configMap('bb');
    const token = (list: ObjectList): ListOptions => ({ limit: 2, continueToken: list.continueToken ?? '' });
    const second = backend.client.list(CONFIG_MAPS, token(first));
    const third = backend.client.list(CONFIG_MAPS, token(second));
    expect([first, second, third].map(names)).toEqual(['ab', 'cd', 'e']);
    expect([second, third].map(({ resourceVersion }) => resourceVersion)).toEqual([
      first.resourceVersion,
      first.resourceVersion,
    ]);
    expect(third.continueToken).toBeUndefined();
  });

  it('refuses a continue token from before a compaction with 410 and one that goes on with what there is now', () => {
    const backend = new TestBackend();
    for (const name of 'abc') backend.configMap(name);
    const { continueToken = '' } = backend.client.list(CONFIG_MAPS, { limit: 1 });
    backend.client.delete(at(CONFIG_MAPS, 'b'));
    backend.storage.compact();
    const status = statusOf(() => backend.client.list(CONFIG_MAPS, { continueToken }));
    expect(status).toMatchObject({ code: 410, reason: 'Expired' });
    expect(names(backend.client.list(CONFIG_MAPS, { continueToken: String(status.metadata.continue) }))).toBe('c');
  });

  it('refuses a continue token that it did not make', () => {
    const { client } = new TestBackend();
    expect(statusOf(() => client.list(CONFIG_MAPS, { continueToken: 'bm9wZQ' })).message).toMatch(
      /continue key is not valid/,
    );
  });

  it('shows an exact resourceVersion as long as it is kept', () => {
    const backend = new TestBackend();
    const { metadata } = backend.configMap('a');
    backend.configMap('b');
    const exact = { resourceVersion: metadata.resourceVersion ?? '', resourceVersionMatch: 'Exact' } as const;
    expect(names(backend.client.list(CONFIG_MAPS, exact))).toBe('a');
    expect(names(backend.client.list(CONFIG_MAPS, { ...exact, resourceVersionMatch: 'NotOlderThan' }))).toBe('ab');
    backend.storage.compact();
    expect(statusOf(() => backend.client.list(CONFIG_MAPS, exact)).code).toBe(410);
  });

  it.each<[ListOptions, number, RegExp]>([
    [{ resourceVersion: '999999' }, 504, /Too large resource version: 999999/],
    [{ resourceVersion: 'x' }, 422, /invalid resource version/],
    [{ resourceVersionMatch: 'Exact' }, 422, /resourceVersionMatch is forbidden unless resourceVersion is provided/],
    [{ resourceVersion: '0', resourceVersionMatch: 'Exact' }, 422, /"Exact" is forbidden for resourceVersion "0"/],
    [{ resourceVersion: '5', continueToken: 'x' }, 400, /not allowed when using continue/],
  ])('refuses %j', (options, code, message) => {
    const { client } = new TestBackend();
    const status = statusOf(() => client.list(CONFIG_MAPS, options));
    expect(status.code).toBe(code);
    expect(status.message).toMatch(message);
  });
});
