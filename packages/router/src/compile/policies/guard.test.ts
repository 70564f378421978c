import { describe, expect, it } from '@jest/globals';
import { ingress, OCTAVIA_LIKE, path, rule, toService } from '../cluster.fixture.js';
import { compileIngresses } from '../compile-ingresses.fixture.js';

const { notFoundPool: _none, ...WITHOUT_404 } = OCTAVIA_LIKE;

describe('a host that must not leave its requests to others, on a router that cannot say 404', () => {
  const host = ingress('shop/web', { rules: [rule('a.x', path('/foo', 'Prefix'))] });
  const wildcard = ingress('blog/web', { rules: [rule('*.x', path('/', 'Prefix'))] });

  it('leads what none of its paths takes to a pool that stays empty, and so to a 503', () => {
    const { policies, pools, problems, keys } = compileIngresses([host, wildcard], WITHOUT_404);
    expect(keys).toEqual(['a.x|Prefix|/foo', 'a.x|NotFound|', '*.x|Prefix|/']);
    expect(problems('shop/web')).not.toContainEqual(expect.stringContaining('RouterCannotExpress'));
    expect(policies[1]).toMatchObject({
      action: 'REDIRECT_TO_POOL',
      redirectPool: 'shop__unavailable',
      source: { kind: 'Ingress', namespace: 'shop', name: 'web' },
    });
    const pool = pools.find(({ name }) => name === 'shop__unavailable');
    expect(pool).toMatchObject({ source: { kind: 'Namespace', namespace: 'shop', name: 'shop' } });
    expect(pool).not.toHaveProperty('port');
  });

  it('needs no such pool where nobody else would take its requests, nor where there is a router-wide default', () => {
    const unavailable = ({ pools }: ReturnType<typeof compileIngresses>) =>
      pools.filter(({ name }) => name.endsWith('__unavailable'));
    expect(unavailable(compileIngresses([host], WITHOUT_404))).toEqual([]);
    const routerDefault = ingress('any/default', { defaultBackend: toService('web') });
    expect(unavailable(compileIngresses([host, wildcard, routerDefault], WITHOUT_404))).toEqual([]);
  });
});
