import { describe, expect, it } from '@jest/globals';
import { applyChange } from '../../apply-change.js';
import type { Ingress } from '../../kubernetes.js';
import type { Router } from '../../model.js';
import { OCTAVIA } from '../../octavia.fixture.js';
import { describeChange } from '../../plan/describe-change.js';
import { plan } from '../../plan/plan.js';
import { ingress, OCTAVIA_LIKE, OPTIONS, path, rule, service, toService } from '../cluster.fixture.js';
import { compileIngresses } from '../compile-ingresses.fixture.js';
import { compileRouter } from '../compile-router.js';

const SERVICES = ['shop/web', 'shop/api', 'blog/web'].map((key) => service(key));

/** Policies as `key -> pool [rules]`. */
function policiesOf(ingresses: readonly Ingress[], capabilities = OCTAVIA): readonly string[] {
  return compileIngresses(ingresses, capabilities, SERVICES).policies.map(
    ({ key, redirectPool, rules }) => `${key} -> ${redirectPool} [${rules.map(({ value }) => value).join(', ')}]`,
  );
}

const onHosts = (hosts: readonly string[], backend = 'web') =>
  ingress('shop/web', { rules: hosts.map((host) => rule(host, path('/', 'Prefix', toService(backend)))) });

const onPaths = (...paths: readonly string[]) => {
  const list = paths.map((text) => {
    const [type = '', where = '', backend = ''] = text.split(' ');
    return path(where, type, toService(backend));
  });
  return ingress('shop/web', { rules: [rule('a.x', ...list)] });
};

describe('hosts of one Ingress', () => {
  it('share a policy where their paths lead to the same pools', () => {
    const rules = ['b.x', 'a.x'].map((host) =>
      rule(host, path('/', 'Prefix'), path('/api', 'Prefix', toService('api'))),
    );
    expect(policiesOf([ingress('shop/web', { rules })])).toEqual([
      'b.x|Prefix|/api -> shop_api [^(a|b)\\.x(:[0-9]*)?$, ^/api(/|$)]',
      'b.x|Prefix|/ -> shop_web [^(a|b)\\.x(:[0-9]*)?$]',
    ]);
  });

  it('do not where exact ones and wildcards meet, since exact ones come first', () => {
    expect(policiesOf([onHosts(['a.x', '*.x', '*.y', 'b.x'])])).toEqual([
      'b.x|Prefix|/ -> shop_web [^(a|b)\\.x(:[0-9]*)?$]',
      '*.y|Prefix|/ -> shop_web [^[^.]+\\.(x|y)(:[0-9]*)?$]',
    ]);
  });

  it('do not where another Ingress asks', () => {
    const other = ingress('shop/other', { rules: [rule('b.x', path('/', 'Prefix'))] });
    expect(policiesOf([onHosts(['a.x']), other])).toHaveLength(2);
  });

  it('share what keeps their requests from less specific hosts', () => {
    const hosts = ['a.x', 'b.x'].map((host) => rule(host, path('/app', 'Prefix')));
    const everybody = ingress('blog/web', { rules: [rule('*.x', path('/', 'Prefix'))] }, 1);
    expect(policiesOf([ingress('shop/web', { rules: hosts }), everybody])).toEqual([
      'b.x|Prefix|/app -> shop_web [^(a|b)\\.x(:[0-9]*)?$, ^/app(/|$)]',
      'b.x|NotFound| -> not-found [^(a|b)\\.x(:[0-9]*)?$]',
      '*.x|Prefix|/ -> blog_web [^[^.]+\\.x(:[0-9]*)?$]',
    ]);
  });
});

describe('paths of one host', () => {
  it.each<[string, string[], string[]]>([
    [
      'share a policy, Exact and Prefix alike',
      ['Prefix /b web', 'Exact /c web', 'Prefix /a web'],
      ['a.x|Prefix|/b -> shop_web [^a\\.x(:[0-9]*)?$, ^((/a|/b)(/|$)|/c$)]'],
    ],
    [
      'need none of their own where what comes next leads there too',
      ['Prefix /static web', 'Exact /static/a web', 'Prefix / web'],
      ['a.x|Prefix|/ -> shop_web [^a\\.x(:[0-9]*)?$]'],
    ],
    [
      'stay behind what stands under them and leads elsewhere',
      ['Prefix /long/way web', 'Prefix /a/api api', 'Prefix /a web', 'Prefix /b web'],
      [
        'a.x|Prefix|/long/way -> shop_web [^a\\.x(:[0-9]*)?$, ^/long/way(/|$)]',
        'a.x|Prefix|/a/api -> shop_api [^a\\.x(:[0-9]*)?$, ^/a/api(/|$)]',
        'a.x|Prefix|/b -> shop_web [^a\\.x(:[0-9]*)?$, ^(/a|/b)(/|$)]',
      ],
    ],
    [
      'stay in front of what covers them and leads elsewhere',
      ['Exact /a/b/c web', 'Prefix /a api', 'Prefix / web'],
      [
        'a.x|Exact|/a/b/c -> shop_web [^a\\.x(:[0-9]*)?$, /a/b/c]',
        'a.x|Prefix|/a -> shop_api [^a\\.x(:[0-9]*)?$, ^/a(/|$)]',
        'a.x|Prefix|/ -> shop_web [^a\\.x(:[0-9]*)?$]',
      ],
    ],
  ])('%s', (_name, paths, expected) => {
    expect(policiesOf([onPaths(...paths)])).toEqual(expected);
  });

  it('have a policy each on a router that gains nothing from sharing', () => {
    expect(policiesOf([onPaths('Prefix /a web', 'Prefix /b web')], OCTAVIA_LIKE)).toHaveLength(2);
  });
});

describe('what a change costs', () => {
  const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;
  const EMPTY = { listeners: [{ ...LISTENER, policies: [] }], pools: [] };
  const FIVE = ['a.x', 'b.x', 'c.x', 'd.x', 'e.x'];

  const routerOf = (...ingresses: readonly Ingress[]): Router => {
    const slices = SERVICES.map(({ metadata: { namespace = '', name } }) => ({
      metadata: { namespace, name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ port: 8080 }],
      endpoints: [{ addresses: ['10.0.0.1'] }],
    }));
    const objects = { ingresses, services: SERVICES, ingressClasses: [], endpointSlices: slices };
    return compileRouter(objects, OPTIONS, OCTAVIA, [LISTENER], 'IPv4').router;
  };
  const changes = (after: Router, before?: Router) =>
    plan(after, before === undefined ? EMPTY : plan(before, EMPTY, OCTAVIA).reduce(applyChange, EMPTY), OCTAVIA).map(
      describeChange,
    );

  it('is 4 writes for 5 hosts that lead to a new Service, as for one', () => {
    expect(changes(routerOf(onHosts(FIVE)))).toEqual([
      'create pool shop_web',
      'set 1 member of pool shop_web',
      'create l7policy d.x|Prefix|/ -> pool shop_web on HTTP:80',
      'create l7rule HOST_NAME REGEX ^(a|b|c|d|e)\\.x(:[0-9]*)?$ of l7policy d.x|Prefix|/ on HTTP:80',
    ]);
  });

  it.each([
    ['a sixth host', [...FIVE, 'f.x'], '^(a|b|c|d|e|f)\\.x(:[0-9]*)?$'],
    ['one host less', ['a.x', 'b.x', 'd.x', 'e.x'], '^(a|b|d|e)\\.x(:[0-9]*)?$'],
  ])('is 1 for %s', (_name, hosts, value) => {
    expect(changes(routerOf(onHosts(hosts)), routerOf(onHosts(FIVE)))).toEqual([
      `update l7rule HOST_NAME REGEX ^(a|b|c|d|e)\\.x(:[0-9]*)?$ to HOST_NAME REGEX ${value} of l7policy d.x|Prefix|/ on HTTP:80`,
    ]);
  });

  it('is 2 for another host in place of one', () => {
    expect(changes(routerOf(onHosts(['a.x', 'b.x', 'c.x', 'd.x', 'f.x'])), routerOf(onHosts(FIVE)))).toEqual([
      'update l7rule HOST_NAME REGEX ^(a|b|c|d|e)\\.x(:[0-9]*)?$ to HOST_NAME REGEX ^(a|b|c|d|e|f)\\.x(:[0-9]*)?$ of l7policy d.x|Prefix|/ on HTTP:80',
      'update l7rule HOST_NAME REGEX ^(a|b|c|d|e|f)\\.x(:[0-9]*)?$ to HOST_NAME REGEX ^(a|b|c|d|f)\\.x(:[0-9]*)?$ of l7policy d.x|Prefix|/ on HTTP:80',
    ]);
  });

  it('is 1 for another Service behind all of them', () => {
    const api = ingress('blog/web', { rules: [rule('blog.y', path('/', 'Prefix'))] });
    const before = routerOf(onHosts(FIVE), api);
    expect(changes(routerOf(onHosts(FIVE, 'api'), api), before)).toEqual([
      'create pool shop_api',
      'set 1 member of pool shop_api',
      'update l7policy d.x|Prefix|/ -> pool shop_api on HTTP:80',
      'delete pool shop_web',
    ]);
  });

  it('is for 5 paths what it is for one', () => {
    const one = changes(routerOf(onPaths('Prefix /a web')));
    expect(
      changes(routerOf(onPaths(...['/a', '/b', '/c', '/d', '/e'].map((text) => `Prefix ${text} web`)))),
    ).toHaveLength(one.length);
  });

  it('is 3 for one host less where the policy is named after it', () => {
    expect(changes(routerOf(onHosts(['a.x', 'b.x', 'c.x', 'e.x'])), routerOf(onHosts(FIVE)))).toEqual([
      'create l7policy e.x|Prefix|/ -> pool shop_web on HTTP:80',
      'create l7rule HOST_NAME REGEX ^(a|b|c|e)\\.x(:[0-9]*)?$ of l7policy e.x|Prefix|/ on HTTP:80',
      'delete l7policy d.x|Prefix|/ on HTTP:80',
    ]);
  });

  const hosts = (count: number, digits = 3) =>
    Array.from({ length: count }, (_, index) => `shop-${String(index).padStart(digits, '0')}.example.com`);
  const paths = Array.from({ length: 100 }, (_, index) => `/area-${String(index).padStart(3, '0')}`);
  const ofHosts = (list: readonly string[]) => routerOf(onHosts(list));
  const ofPaths = (list: readonly string[]) => routerOf(onPaths(...list.map((text) => `Prefix ${text} web`)));

  describe.each<[string, number, number, readonly string[], typeof ofHosts]>([
    ['10 hosts, which fit into one policy', 1, 3, hosts(10), ofHosts],
    ['20 hosts', 1, 3, hosts(20), ofHosts],
    ['100 hosts', 6, 6, hosts(100), ofHosts],
    ['300 hosts', 17, 6, hosts(300), ofHosts],
    ['100 long hosts', 25, 6, hosts(100, 30), ofHosts],
    ['100 paths of one host', 6, 6, paths, ofPaths],
  ])('of %s', (_name, policies, most, all, router) => {
    const before = router(all);
    const place = Math.floor(all.length / 2);

    it(`in ${policies} policies is nothing where they are only listed in another order`, () => {
      expect(before.listeners[0]?.policies).toHaveLength(policies);
      expect(changes(router(all.toReversed()), before)).toEqual([]);
    });

    it.each<[string, readonly string[]]>([
      ['the first goes', all.slice(1)],
      ['the second goes', all.toSpliced(1, 1)],
      ['one in the middle goes', all.toSpliced(place, 1)],
      ['the last goes', all.slice(0, -1)],
      ['one comes before all', [`${all[0]?.slice(0, 3)}.example.com`, ...all]],
      ['one comes after the first', all.toSpliced(1, 0, `${all[0]?.slice(0, -1)}.example.com`)],
      ['one comes in the middle', all.toSpliced(place, 0, `${all[place]?.slice(0, -1)}.example.com`)],
      ['one comes after all', [...all, `${all[0]?.slice(0, 1)}zzz.example.com`]],
    ])(`is ${most} writes at most where %s`, (_change, list) => {
      expect(changes(router(list), before).length).toBeLessThanOrEqual(most);
    });
  });

  it('is nothing where an Ingress only lists its hosts in another order', () => {
    expect(changes(routerOf(onHosts(['a.x', 'e.x', 'd.x', 'c.x', 'b.x'])), routerOf(onHosts(FIVE)))).toEqual([]);
  });
});
