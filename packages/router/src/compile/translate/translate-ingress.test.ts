import { describe, expect, it } from '@jest/globals';
import { FULL_CAPABILITIES, type RouterCapabilities } from '../../capabilities.js';
import type { Ingress, IngressClass, Service } from '../../kubernetes.js';
import { ingress, OCTAVIA_LIKE, OPTIONS, path, rule, toService } from '../cluster.fixture.js';
import { compileIngresses } from '../compile-ingresses.fixture.js';
import { IngressCompiler } from '../ingress-compiler.js';

const good = rule('good.example.com', path('/', 'Prefix'));

describe('a host that cannot be routed', () => {
  it.each<[unknown, string]>([
    ['10.0.0.1', 'is an IP address'],
    ['[::1]', 'is an IP address'],
    ['a.example.com:80', 'has a port'],
    ['*', 'matches every host'],
    ['*.*.example.com', 'is not a DNS name'],
    ['a.*.example.com', 'is not a DNS name'],
    ['a_b.example.com', 'is not a DNS name'],
    ['a..example.com', 'is not a DNS name'],
    ['-a.example.com', 'is not a DNS name'],
    ['a.example.com.', 'is not a DNS name'],
    ['a b', 'is not a DNS name'],
    [`${'a.'.repeat(127)}a`, 'is longer than 253 characters'],
    [7, 'is not a string'],
  ])('%p is a problem of its own, and the rest is routed', (host, why) => {
    const bad = { ...rule(undefined, path('/', 'Prefix')), host } as unknown as typeof good;
    const { problems, messages, keys } = compileIngresses([ingress('shop/web', { rules: [bad, good] })]);
    expect(problems('shop/web')).toEqual(['InvalidHost spec.rules[0].host']);
    expect(messages('shop/web')[0]).toContain(why);
    expect(keys).toEqual(['good.example.com|Prefix|/']);
  });

  it('is longer than a rule of the router may be', () => {
    const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.x`;
    const { problems, messages } = compileIngresses(
      [ingress('shop/web', { rules: [rule(host, path('/', 'Prefix'))] })],
      OCTAVIA_LIKE,
    );
    expect(problems('shop/web')).toEqual(['InvalidHost spec.rules[0].host']);
    expect(messages('shop/web')[0]).toContain(
      'becomes a rule of 261 characters, more than the 255 characters that this router allows; shorten it by 6',
    );
  });

  it('needs a kind of rule that the router does not have', () => {
    const capabilities: RouterCapabilities = { ...FULL_CAPABILITIES, compareTypes: ['EQUAL_TO', 'STARTS_WITH'] };
    const web = ingress('shop/web', { rules: [good, rule(undefined, path('/a', 'Prefix'), path('/b', 'Exact'))] });
    const { problems, keys } = compileIngresses([web], capabilities);
    expect(problems('shop/web')).toEqual([
      'RouterCannotExpress spec.rules[0].host',
      'RouterCannotExpress spec.rules[1].http.paths[0].path',
    ]);
    expect(keys).toEqual(['|Exact|/b']);
  });
});

describe('a path that cannot be routed', () => {
  it.each<[unknown, unknown, string]>([
    ['foo', 'Prefix', 'does not start with /'],
    ['foo', 'ImplementationSpecific', 'does not start with /'],
    ['', 'Exact', 'does not start with /'],
    [undefined, 'Prefix', 'does not start with /'],
    [7, 'Exact', 'does not start with /'],
    ['/a', 'Regex', 'has an unknown pathType'],
    ['/a b', 'Exact', 'holds a space'],
    ['/a\nb', 'Exact', 'holds the character U+000A'],
    ['/\u00e9', 'Exact', 'holds the character U+00E9'],
    ['/\u{1f600}', 'Exact', 'holds the character U+1F600'],
    ['/a?b=c', 'Exact', 'holds ?'],
    ['/a#b', 'Prefix', 'holds #'],
    ['/a&b', 'Prefix', 'holds &, which this router cannot match'],
    ["/it's", 'Prefix', "holds ', which this router cannot match"],
    ['/a//b', 'ImplementationSpecific', 'holds //'],
    ['/a/../b', 'Prefix', 'holds /..'],
    ['/a/.', 'Exact', 'holds /.'],
    ['/a%2Fb', 'Exact', 'holds %2F'],
    [`/${'a'.repeat(255)}`, 'Exact', 'becomes a rule of 256 characters, more than the 255'],
    [`/${'a.'.repeat(100)}`, 'Prefix', 'becomes a rule of 307 characters'],
  ])('%p (%p) is a problem of its own, and the rest is routed', (text, pathType, why) => {
    const bad = { path: text, pathType, backend: toService('web') } as unknown as ReturnType<typeof path>;
    const web = ingress('shop/web', { rules: [rule('a.x', bad, path('/good', 'Exact'))] });
    const { problems, messages, keys } = compileIngresses([web], OCTAVIA_LIKE);
    expect(problems('shop/web')).toEqual(['InvalidPath spec.rules[0].http.paths[0].path']);
    expect(messages('shop/web')[0]).toContain(why);
    expect(keys).toEqual(['a.x|Exact|/good']);
  });

  it('is routed where the router can carry it', () => {
    const web = ingress('shop/web', {
      rules: [rule('a.x', path("/it's&<>", 'Exact'), path('/.well-known/a...b', 'Prefix'))],
    });
    expect(compileIngresses([web]).outcomes.get('shop/web')?.problems).toEqual([]);
  });
});

describe('objects that are not as the API promises', () => {
  it.each<[string, unknown]>([
    ['no spec', { metadata: { namespace: 'shop', name: 'web' } }],
    ['a spec that is text', { metadata: { namespace: 'shop', name: 'web' }, spec: 'text' }],
    [
      'rules that are no list',
      { metadata: { namespace: 'shop', name: 'web' }, spec: { rules: {}, defaultBackend: toService('web') } },
    ],
    ['rules that are null', { metadata: { namespace: 'shop', name: 'web' }, spec: { rules: [null, 7] } }],
    [
      'paths that are no list',
      { metadata: { namespace: 'shop', name: 'web' }, spec: { rules: [{ http: { paths: 7 } }] } },
    ],
    [
      'a path that is null',
      { metadata: { namespace: 'shop', name: 'web' }, spec: { rules: [{ http: { paths: [null] } }] } },
    ],
    [
      'annotations that are no map',
      { metadata: { namespace: 'shop', name: 'web', annotations: 7, creationTimestamp: 7 }, spec: null },
    ],
  ])('%s: nothing is thrown, and other Ingresses are routed', (_name, broken) => {
    const fine = ingress('blog/web', { rules: [good] });
    const { keys, outcomes } = compileIngresses([broken as Ingress, fine]);
    expect(keys).toContain('good.example.com|Prefix|/');
    expect(outcomes.get('shop/web')?.handled).toBe(true);
  });

  it('are ignored where they have no name, and Services and classes may be broken too', () => {
    const compiler = new IngressCompiler(OPTIONS, FULL_CAPABILITIES);
    for (const broken of [{}, { metadata: null }, { metadata: { name: 7 } }] as unknown[]) {
      compiler.setIngress(broken as Ingress);
      compiler.setService(broken as Service);
      compiler.setIngressClass(broken as IngressClass);
    }
    compiler.setService({
      metadata: { namespace: 'shop', name: 'web' },
      spec: { ports: [null, { port: 'http' }] },
    } as unknown as Service);
    compiler.setIngress(ingress('shop/web', { defaultBackend: toService('web') }));
    const { outcomes } = compiler.compile();
    expect([...outcomes.keys()]).toEqual(['shop/web']);
    expect(outcomes.get('shop/web')?.problems[0]?.message).toContain(
      'Service shop/web has no port 80; it has no TCP port',
    );
  });

  it('says so where an Ingress asks for nothing', () => {
    expect(compileIngresses([ingress('shop/web', {})]).problems('shop/web')).toEqual(['InvalidBackend spec']);
  });
});
