import { describe, expect, it } from '@jest/globals';
import { ingress, OCTAVIA_LIKE, path, rule } from '../cluster.fixture.js';
import { compileIngresses } from '../compile-ingresses.fixture.js';

describe('a host that must not leave its requests to others, on a router that cannot say 404', () => {
  it('goes on working, and its Ingress learns what is missing', () => {
    const { notFoundPool: _none, ...capabilities } = OCTAVIA_LIKE;
    const host = ingress('shop/web', { rules: [rule('a.x', path('/foo', 'Prefix'))] });
    const wildcard = ingress('blog/web', { rules: [rule('*.x', path('/', 'Prefix'))] });
    const { problems, keys } = compileIngresses([host, wildcard], capabilities);
    expect(problems('shop/web')).toEqual(['RouterCannotExpress spec.rules']);
    expect(keys).toEqual(['a.x|Prefix|/foo', '*.x|Prefix|/']);
  });
});
