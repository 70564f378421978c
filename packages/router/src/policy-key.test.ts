import { describe, expect, it } from '@jest/globals';
import { guardKey, hostDefaultKey, pathKey, ROUTER_DEFAULT_KEY, rulesOfKey, standInKey } from './policy-key.js';

const standInFor = (key: string, ...taken: readonly string[]) => standInKey(key, (other) => taken.includes(other));

describe('the key of a policy', () => {
  it.each([
    ['a path of a host', pathKey('a.x', 'Prefix', '/shop'), 2],
    ['an exact path of wildcard hosts', pathKey('*.x', 'Exact', '/'), 2],
    ['every path of a host', pathKey('a.x', 'Prefix', '/'), 1],
    ['a path of any host', pathKey('', 'Prefix', '/shop'), 1],
    ['every path of any host', pathKey('', 'Prefix', '/'), 1],
    ['the rest of a host', hostDefaultKey('a.x'), 1],
    ['what is left of a host', guardKey('a.x'), 1],
    ['what no host takes', ROUTER_DEFAULT_KEY, 1],
    ['a stand-in for a path', standInFor(pathKey('a.x', 'Prefix', '/shop')), 2],
    ['a stand-in for every path', standInFor(pathKey('a.x', 'Prefix', '/')), 1],
    ['a further stand-in for every path', standInFor('a.x|Prefix|/', 'a.x|Prefix|/|StandIn'), 1],
    ['every path of a host, of which there are two', `${pathKey('a.x', 'Prefix', '/')} (id)`, 1],
    ['a path that holds what keys hold', pathKey('a.x', 'Prefix', '/|Prefix|/'), 2],
    ['something of another form', 'mine', 1],
  ])('for %s tells how many rules it has: %s, %i', (_what, key, rules) => {
    expect(rulesOfKey(key)).toBe(rules);
  });
});
