import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setQuery } from '../transport/query.js';
import { filterParts } from './filter-parts.js';

const queryOf = (filter: object) => {
  const url = new URL('http://cloud');
  setQuery(url, filter);
  return url.search;
};

describe('a filter', () => {
  it('that is short is asked for as it is', () => {
    for (const filter of [{}, { name: 'x' }, { id: ['a', 'b'], name: 'x' }, { fixed_ips: [] }]) {
      expect(filterParts(filter)).toEqual([filter]);
    }
  });

  it('of 600 nodes is asked for in parts that every server takes, each with the rest of the filter', () => {
    const fixed_ips = Array.from({ length: 600 }, (_, node) => `ip_address=10.110.${node >> 8}.${node & 255}`);
    const parts = filterParts({ fixed_ips, id: ['a', 'b'], project_id: 'p' });
    expect(parts.flatMap((part) => ('fixed_ips' in part ? part.fixed_ips : []))).toEqual(fixed_ips);
    expect(parts.length).toBeLessThan(10);
    for (const part of parts) {
      expect(part).toMatchObject({ id: ['a', 'b'], project_id: 'p' });
      expect(queryOf(part).length).toBeLessThan(3_100);
    }
  });

  it('by several tags stays one, as all of them are to fit', () => {
    const tags = Array.from({ length: 200 }, (_, index) => `kuryr-source-${index}=something`);
    expect(filterParts({ tags })).toEqual([{ tags }]);
  });

  it('never lacks a value, nor has one twice, and no part is empty', () => {
    const value = fc.string({ maxLength: 4_000 });
    const property = fc.property(fc.array(value, { minLength: 1 }), (id) => {
      const parts = filterParts({ id }) as { id: string[] }[];
      expect(parts.flatMap((part) => part.id)).toEqual(id);
      expect(parts.every((part) => part.id.length > 0)).toBe(true);
    });
    fc.assert(property);
  });
});
