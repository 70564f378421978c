import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Ownership } from './ownership.js';

const SOURCE = { kind: 'Ingress', namespace: 'shop', name: 'web' };

describe('tags', () => {
  const ownership = new Ownership('prod');

  it('tell whose an object is, which key it stands for and who asked for it', () => {
    const tags = ownership.tags('www.example.com|Prefix|/a,b', SOURCE);
    expect(tags).toEqual([
      'kuryr-cluster=prod',
      'kuryr-key=www.example.com|Prefix|/a%2Cb',
      'kuryr-source=Ingress/shop/web',
    ]);
    expect(ownership.isOurs({ tags })).toBe(true);
    expect(ownership.isOurs({ tags: ['kuryr-cluster=production', 'kuryr-cluster'] })).toBe(false);
  });

  it('give back any key and source, in any order, and are all fit for Octavia', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 700 });
    const kubernetesName = fc.stringMatching(/^[a-z0-9.-]{1,253}$/);
    fc.assert(
      fc.property(text, kubernetesName, kubernetesName, (key, namespace, name) => {
        const source = { kind: 'Ingress', namespace, name };
        const tags = ownership.tags(key, source).toReversed();
        expect(ownership.keyOf({ tags })).toBe(key);
        expect(ownership.sourceOf({ tags })).toEqual(source);
        for (const tag of tags) expect(tag).toMatch(/^[\x21-\x2b\x2d-\x7e]{1,255}$/);
      }),
    );
  });

  it('keep what others have added when the source changes', () => {
    const tags = [...ownership.tags('key', SOURCE), 'budget=42'];
    const changed = ownership.withSource(tags, { ...SOURCE, name: 'other' });
    expect(changed).toEqual(['kuryr-cluster=prod', 'kuryr-key=key', 'budget=42', 'kuryr-source=Ingress/shop/other']);
  });

  it('that nobody wrote like this have no key', () => {
    expect(ownership.keyOf({ tags: ['kuryr-cluster=prod', 'kuryr-key=%ZZ'] })).toBeUndefined();
    expect(ownership.keyOf({ tags: [] })).toBeUndefined();
  });
});
