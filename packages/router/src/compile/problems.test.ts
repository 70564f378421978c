import { describe, expect, it } from '@jest/globals';
import { FULL_CAPABILITIES, type RouterCapabilities } from '../capabilities.js';
import type { CompilerOptions } from '../compilation.js';
import type { Ingress, IngressBackend, IngressClass, Service } from '../kubernetes.js';
import { ingress, OCTAVIA_LIKE, OPTIONS, path, rule, service, toService } from './cluster.fixture.js';
import { IngressCompiler } from './ingress-compiler.js';

function compile(
  ingresses: readonly Ingress[],
  capabilities: RouterCapabilities = FULL_CAPABILITIES,
  services: readonly Service[] = [service('shop/web'), service('blog/web')],
  options: CompilerOptions = OPTIONS,
) {
  const compiler = new IngressCompiler(options, capabilities);
  for (const object of services) compiler.setService(object);
  for (const object of ingresses) compiler.setIngress(object);
  const { policies, pools, outcomes } = compiler.compile();
  const problems = (key: string) =>
    (outcomes.get(key)?.problems ?? []).map(({ reason, field }) => `${reason} ${field}`);
  const messages = (key: string) => (outcomes.get(key)?.problems ?? []).map(({ message }) => message);
  return { policies, pools, outcomes, problems, messages, keys: policies.map(({ key }) => key) };
}

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
    const { problems, messages, keys } = compile([ingress('shop/web', { rules: [bad, good] })]);
    expect(problems('shop/web')).toEqual(['InvalidHost spec.rules[0].host']);
    expect(messages('shop/web')[0]).toContain(why);
    expect(keys).toEqual(['good.example.com|Prefix|/']);
  });

  it('is longer than a rule of the router may be', () => {
    const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.x`;
    const { problems, messages } = compile(
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
    const { problems, keys } = compile([web], capabilities);
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
    const { problems, messages, keys } = compile([web], OCTAVIA_LIKE);
    expect(problems('shop/web')).toEqual(['InvalidPath spec.rules[0].http.paths[0].path']);
    expect(messages('shop/web')[0]).toContain(why);
    expect(keys).toEqual(['a.x|Exact|/good']);
  });

  it('is routed where the router can carry it', () => {
    const web = ingress('shop/web', {
      rules: [rule('a.x', path("/it's&<>", 'Exact'), path('/.well-known/a...b', 'Prefix'))],
    });
    expect(compile([web]).outcomes.get('shop/web')?.problems).toEqual([]);
  });
});

describe('a backend that cannot be used', () => {
  const services = [
    service('shop/web', [{ name: 'http', port: 80 }]),
    service('shop/dns', [{ name: 'dns', port: 53, protocol: 'UDP' }]),
    service('shop/out', [{ port: 80 }], 'ExternalName'),
  ];

  it.each<[string, unknown, string, string, string | undefined]>([
    ['a missing Service', toService('gone'), 'ServiceNotFound', 'backend.service.name', 'shop_gone'],
    [
      'a missing port number',
      toService('web', 81),
      'ServicePortNotFound',
      'backend.service.port.number',
      'shop_web_81',
    ],
    [
      'a missing port name',
      toService('web', 'admin'),
      'ServicePortNotFound',
      'backend.service.port.name',
      'shop_web_admin',
    ],
    ['a UDP port', toService('dns', 53), 'ServicePortNotFound', 'backend.service.port.number', 'shop_dns_53'],
    ['an ExternalName Service', toService('out'), 'ServiceTypeNotSupported', 'backend.service.name', 'shop_out'],
    [
      'a resource',
      { resource: { kind: 'Bucket', name: 'files' } },
      'ResourceBackendNotSupported',
      'backend.resource',
      undefined,
    ],
    ['nothing', {}, 'InvalidBackend', 'backend', undefined],
    ['no object', null, 'InvalidBackend', 'backend', undefined],
    [
      'two things',
      { ...toService('web'), resource: { kind: 'Bucket', name: 'files' } },
      'InvalidBackend',
      'backend',
      undefined,
    ],
    ['no name', { service: { port: { number: 80 } } }, 'InvalidBackend', 'backend.service.name', undefined],
    [
      'a name that is none',
      { service: { name: 'a_b', port: { number: 80 } } },
      'InvalidBackend',
      'backend.service.name',
      undefined,
    ],
    ['no port', { service: { name: 'web' } }, 'InvalidBackend', 'backend.service.port', undefined],
    [
      'two ports',
      { service: { name: 'web', port: { number: 80, name: 'http' } } },
      'InvalidBackend',
      'backend.service.port',
      undefined,
    ],
    [
      'a port out of range',
      { service: { name: 'web', port: { number: 65_536 } } },
      'InvalidBackend',
      'backend.service.port',
      undefined,
    ],
  ])('%s: its path gets 503 and never falls through, and the rest is routed', (_name, backend, reason, field, pool) => {
    const paths = [path('/', 'Prefix', toService('web')), path('/bad', 'Prefix', backend as IngressBackend)];
    const web = ingress('shop/web', { rules: [rule('a.x', ...paths)] });
    const { problems, messages, policies, pools } = compile([web], FULL_CAPABILITIES, services);
    expect(problems('shop/web')).toEqual([`${reason} spec.rules[0].http.paths[1].${field}`]);
    expect(messages('shop/web')[0]).toMatch(/Until then its requests get 503\.$/);
    const broken = policies.find(({ key }) => key === 'a.x|Prefix|/bad');
    expect(policies.map(({ key }) => key)).toEqual(['a.x|Prefix|/bad', 'a.x|Prefix|/']);
    if (pool === undefined) {
      expect(broken).toMatchObject({ action: 'FIXED_RESPONSE', statusCode: 503 });
    } else {
      expect(broken).toMatchObject({ action: 'REDIRECT_TO_POOL', redirectPool: pool });
      expect(pools.find(({ name }) => name === pool)?.port).toBeUndefined();
    }
  });

  it('has a pool that no Service fills on a router without answers of its own', () => {
    const web = ingress('shop/web', { defaultBackend: { resource: { kind: 'Bucket', name: 'files' } } });
    const { policies, pools, problems } = compile([web], OCTAVIA_LIKE);
    expect(policies[0]).toMatchObject({ action: 'REDIRECT_TO_POOL', redirectPool: 'shop__unavailable' });
    expect(pools.map(({ name, port }) => [name, port])).toEqual([['shop__unavailable', undefined]]);
    expect(problems('shop/web')).toEqual(['ResourceBackendNotSupported spec.defaultBackend.resource']);
  });

  it('is used as soon as its Service is there, and its problem gone', () => {
    const compiler = new IngressCompiler(OPTIONS, FULL_CAPABILITIES);
    compiler.setIngress(ingress('shop/web', { rules: [rule('a.x', path('/', 'Prefix', toService('web')))] }));
    expect(compiler.compile().pools[0]).toMatchObject({ name: 'shop_web', service: 'shop/web' });
    compiler.setService(service('shop/web'));
    const { pools, outcomes } = compiler.compile();
    expect(pools[0]).toMatchObject({ name: 'shop_web', port: { number: 80 } });
    expect(outcomes.get('shop/web')).toEqual({ handled: true, pools: ['shop_web'], problems: [] });
  });

  it('has a Service that wants what the router does not have', () => {
    const sticky: Service = {
      metadata: { namespace: 'shop', name: 'web' },
      spec: { ports: [{ port: 80 }], sessionAffinity: 'ClientIP' },
    };
    const web = ingress('shop/web', { defaultBackend: toService('web') });
    const { pools, problems } = compile([web], { ...FULL_CAPABILITIES, lbAlgorithms: ['ROUND_ROBIN'] }, [sticky]);
    expect(pools[0]?.lbAlgorithm).toBe('ROUND_ROBIN');
    expect(problems('shop/web')).toEqual(['RouterCannotExpress spec.defaultBackend.service.name']);
  });
});

describe('what another Ingress has already', () => {
  const older = ingress('shop/web', { rules: [rule('a.x', path('/foo', 'Prefix'))] }, 2);

  it('is the host, where another namespace came first', () => {
    const younger = ingress(
      'blog/web',
      { rules: [rule('b.x', path('/', 'Prefix')), rule('a.x', path('/bar', 'Prefix'))] },
      1,
    );
    const { problems, messages, keys, outcomes } = compile([younger, older]);
    expect(problems('blog/web')).toEqual(['HostClaimed spec.rules[1].host']);
    expect(messages('blog/web')[0]).toContain(
      'Host a.x belongs to namespace shop, whose Ingress shop/web was the first to ask',
    );
    expect(keys).toEqual(['a.x|Prefix|/foo', 'b.x|Prefix|/']);
    expect(outcomes.get('blog/web')?.pools).toEqual(['blog_web']);
  });

  it('is handed over when the owner leaves', () => {
    const compiler = new IngressCompiler(OPTIONS, FULL_CAPABILITIES);
    compiler.setIngress(older);
    compiler.setIngress(ingress('blog/web', { rules: [rule('a.x', path('/bar', 'Prefix'))] }, 1));
    expect(compiler.compile().policies.map(({ key }) => key)).toEqual(['a.x|Prefix|/foo']);
    compiler.deleteIngress('shop/web');
    const { policies, outcomes } = compiler.compile();
    expect(policies.map(({ key }) => key)).toEqual(['a.x|Prefix|/bar']);
    expect(outcomes.get('blog/web')?.problems.map(({ reason }) => reason)).toEqual(['ServiceNotFound']);
    expect(outcomes.has('shop/web')).toBe(false);
  });

  it('is shared between namespaces where hosts are not owned', () => {
    const younger = ingress('blog/web', { rules: [rule('a.x', path('/bar', 'Prefix'), path('/foo/', 'Prefix'))] }, 1);
    const { keys, problems } = compile([younger, older], FULL_CAPABILITIES, undefined, {
      ...OPTIONS,
      hostOwnership: false,
    });
    expect(keys).toEqual(['a.x|Prefix|/bar', 'a.x|Prefix|/foo']);
    expect(problems('blog/web')).toEqual(['PathClaimed spec.rules[0].http.paths[1].path']);
  });

  it('is the path: the oldest Ingress has it, with or without a slash at its end, and Exact is another path', () => {
    const younger = ingress(
      'shop/more',
      { rules: [rule('a.x', path('/foo/', 'ImplementationSpecific'), path('/foo', 'Exact'))] },
      1,
    );
    const { problems, messages, keys } = compile([younger, older]);
    expect(problems('shop/more')).toEqual(['PathClaimed spec.rules[0].http.paths[0].path']);
    expect(messages('shop/more')[0]).toContain(
      'Prefix path /foo of host a.x is taken by spec.rules[0].http.paths[0] of Ingress shop/web',
    );
    expect(keys).toEqual(['a.x|Exact|/foo', 'a.x|Prefix|/foo']);
  });

  it('is the path, in one Ingress: the first has it', () => {
    const twice = ingress('shop/web', {
      rules: [rule('a.x', path('/', 'Prefix')), rule('A.x', path('/', 'Prefix', toService('b')))],
    });
    const { problems, policies } = compile([twice]);
    expect(problems('shop/web')).toEqual(['PathClaimed spec.rules[1].http.paths[0].path']);
    expect(policies[0]?.redirectPool).toBe('shop_web');
  });

  it('is the router-wide default: the oldest is it', () => {
    const first = ingress('shop/web', { defaultBackend: toService('web') }, 2);
    const second = ingress('blog/web', { defaultBackend: toService('web') }, 1);
    const { problems, policies } = compile([second, first]);
    expect(problems('blog/web')).toEqual(['DefaultBackendClaimed spec.defaultBackend']);
    expect(problems('shop/web')).toEqual([]);
    expect(policies.map(({ key, redirectPool }) => [key, redirectPool])).toEqual([['|RouterDefault|', 'shop_web']]);
  });

  it('is the default of a host: the oldest that has one gives it, and one that says the same is no problem', () => {
    const first = ingress('shop/a', { defaultBackend: toService('web'), rules: [rule('a.x', path('/1', 'Exact'))] }, 2);
    const same = ingress('shop/b', { defaultBackend: toService('web'), rules: [rule('a.x', path('/2', 'Exact'))] }, 1);
    const other = ingress('shop/c', { defaultBackend: toService('c'), rules: [rule('a.x', path('/3', 'Exact'))] });
    const { problems, policies } = compile([first, same, other]);
    expect(problems('shop/b')).toEqual([]);
    expect(problems('shop/c')).toEqual(['DefaultBackendClaimed spec.defaultBackend']);
    expect(policies.at(-1)).toMatchObject({ key: 'a.x|Default|', redirectPool: 'shop_web' });
  });

  it('is decided by namespace and name where both are of the same second', () => {
    const one = ingress('a-b/web', { rules: [rule('a.x', path('/', 'Prefix'))] });
    const two = ingress('a/web', { rules: [rule('a.x', path('/', 'Prefix'))] });
    expect(compile([one, two]).policies[0]?.source.namespace).toBe('a');
  });
});

describe('a host that must not leave its requests to others, on a router that cannot say 404', () => {
  it('goes on working, and its Ingress learns what is missing', () => {
    const { notFoundPool: _none, ...capabilities } = OCTAVIA_LIKE;
    const host = ingress('shop/web', { rules: [rule('a.x', path('/foo', 'Prefix'))] });
    const wildcard = ingress('blog/web', { rules: [rule('*.x', path('/', 'Prefix'))] });
    const { problems, keys } = compile([host, wildcard], capabilities);
    expect(problems('shop/web')).toEqual(['RouterCannotExpress spec.rules']);
    expect(keys).toEqual(['a.x|Prefix|/foo', '*.x|Prefix|/']);
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
    const { keys, outcomes } = compile([broken as Ingress, fine]);
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
    expect(compile([ingress('shop/web', {})]).problems('shop/web')).toEqual(['InvalidBackend spec']);
  });
});
