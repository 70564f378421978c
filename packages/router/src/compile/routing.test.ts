import { describe, expect, it } from '@jest/globals';
import { FULL_CAPABILITIES, type RouterCapabilities } from '../capabilities.js';
import type { Ingress, Service } from '../kubernetes.js';
import { route } from '../match/route.js';
import { ingress, OCTAVIA_LIKE, OPTIONS, path, rule, service, toService } from './cluster.fixture.js';
import { compileRouter } from './compile-router.js';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;
const SERVICES = ['one', 'two', 'three', 'default'].flatMap((name) => [
  service(`shop/${name}`),
  service(`blog/${name}`),
]);

/** Pool name or status for each request, written `host/path`. */
function answers(
  ingresses: readonly Ingress[],
  requests: readonly string[],
  services: readonly Service[] = SERVICES,
  capabilities: RouterCapabilities = FULL_CAPABILITIES,
) {
  const objects = { ingresses, services, ingressClasses: [], endpointSlices: [] };
  const { router } = compileRouter(objects, OPTIONS, capabilities, [LISTENER], 'IPv4');
  return requests.map((request) => {
    const slash = request.indexOf('/');
    const decision = route(router, LISTENER.key, { host: request.slice(0, slash), path: request.slice(slash) });
    return decision.pool ?? decision.statusCode;
  });
}

function keysOf(ingresses: readonly Ingress[], capabilities: RouterCapabilities = FULL_CAPABILITIES) {
  const objects = { ingresses, services: SERVICES, ingressClasses: [], endpointSlices: [] };
  return compileRouter(objects, OPTIONS, capabilities, [LISTENER], 'IPv4').compilation.policies.map(({ key }) => key);
}

const [one, two, three] = ['one', 'two', 'three'].map((name) => toService(name));
const DEFAULT = toService('default');

describe('paths, by the table of the Ingress documentation', () => {
  it.each<[string, [string, string][], [string, string | 404][]]>([
    [
      'Exact /foo',
      [['Exact', '/foo']],
      [
        ['/foo', 'shop_one'],
        ['/bar', 404],
        ['/foo/', 404],
        ['/Foo', 404],
      ],
    ],
    [
      'Exact /foo/',
      [['Exact', '/foo/']],
      [
        ['/foo', 404],
        ['/foo/', 'shop_one'],
      ],
    ],
    [
      'Prefix /',
      [['Prefix', '/']],
      [
        ['/', 'shop_one'],
        ['/any/path', 'shop_one'],
      ],
    ],
    [
      'Prefix /foo',
      [['Prefix', '/foo']],
      [
        ['/foo', 'shop_one'],
        ['/foo/', 'shop_one'],
      ],
    ],
    [
      'Prefix /foo/',
      [['Prefix', '/foo/']],
      [
        ['/foo', 'shop_one'],
        ['/foo/', 'shop_one'],
      ],
    ],
    ['Prefix /aaa/bb', [['Prefix', '/aaa/bb']], [['/aaa/bbb', 404]]],
    [
      'Prefix /aaa/bbb',
      [['Prefix', '/aaa/bbb']],
      [
        ['/aaa/bbb', 'shop_one'],
        ['/aaa/bbb/', 'shop_one'],
        ['/aaa/bbb/ccc', 'shop_one'],
        ['/aaa/bbbxyz', 404],
      ],
    ],
    ['Prefix /aaa/bbb/', [['Prefix', '/aaa/bbb/']], [['/aaa/bbb', 'shop_one']]],
    [
      'Prefix / and /aaa',
      [
        ['Prefix', '/'],
        ['Prefix', '/aaa'],
      ],
      [
        ['/aaa/ccc', 'shop_two'],
        ['/ccc', 'shop_one'],
      ],
    ],
    [
      'Prefix /, /aaa and /aaa/bbb',
      [
        ['Prefix', '/'],
        ['Prefix', '/aaa'],
        ['Prefix', '/aaa/bbb'],
      ],
      [
        ['/aaa/bbb', 'shop_three'],
        ['/ccc', 'shop_one'],
      ],
    ],
    ['Prefix /aaa alone', [['Prefix', '/aaa']], [['/ccc', 404]]],
    [
      'Prefix and Exact /foo',
      [
        ['Prefix', '/foo'],
        ['Exact', '/foo'],
      ],
      [
        ['/foo', 'shop_two'],
        ['/foo/', 'shop_one'],
      ],
    ],
    [
      'Prefix /foo/ and Exact /foo',
      [
        ['Prefix', '/foo/'],
        ['Exact', '/foo'],
      ],
      [['/foo', 'shop_two']],
    ],
    [
      'ImplementationSpecific, as Prefix',
      [['ImplementationSpecific', '/foo']],
      [
        ['/foo/bar', 'shop_one'],
        ['/foobar', 404],
      ],
    ],
    ['ImplementationSpecific without a path', [['ImplementationSpecific', '']], [['/any', 'shop_one']]],
    [
      'special characters of a regex',
      [['Prefix', '/a.b(c)+$']],
      [
        ['/a.b(c)+$/d', 'shop_one'],
        ['/aXb(c)+$', 404],
        ['/a.bcc', 404],
      ],
    ],
  ])('%s', (_name, paths, expected) => {
    const backends = ['one', 'two', 'three'];
    const all = paths.map(([type, text], index) => path(text, type, toService(backends[index] ?? '')));
    const web = ingress('shop/web', { rules: [rule('a.example.com', ...all)] });
    expect(
      answers(
        [web],
        expected.map(([text]) => `a.example.com${text}`),
      ),
    ).toEqual(expected.map(([, answer]) => answer));
  });

  it('go to the default backend where none matches', () => {
    const web = ingress('shop/web', { defaultBackend: DEFAULT, rules: [rule('a.x', path('/aaa', 'Prefix', one))] });
    expect(answers([web], ['a.x/aaa', 'a.x/ccc', 'b.x/ccc'])).toEqual(['shop_one', 'shop_default', 404]);
  });
});

describe('hosts', () => {
  const exact = ingress('shop/exact', { rules: [rule('a.example.com', path('/one', 'Prefix', one))] });
  const wildcard = ingress('shop/wildcard', { rules: [rule('*.example.com', path('/', 'Prefix', two))] });
  const hostless = ingress('shop/hostless', { rules: [rule(undefined, path('/', 'Prefix', three))] });

  it('match in any case and with any port', () => {
    expect(answers([exact], ['A.Example.COM:8080/one', 'a.example.com:80/one'])).toEqual(['shop_one', 'shop_one']);
  });

  it('with a wildcard match one more label', () => {
    const requests = ['b.example.com/', 'b.example.com:80/', 'a.b.example.com/', 'example.com/'];
    expect(answers([wildcard], requests)).toEqual(['shop_two', 'shop_two', 404, 404]);
  });

  it('that are the most specific decide alone, and leave nothing to a wildcard or to rules without host', () => {
    const requests = ['a.example.com/one', 'a.example.com/two', 'b.example.com/two', 'elsewhere.org/'];
    expect(answers([exact, wildcard, hostless], requests)).toEqual(['shop_one', 404, 'shop_two', 'shop_three']);
    expect(answers([exact, wildcard, hostless], requests, SERVICES, OCTAVIA_LIKE)).toEqual([
      'shop_one',
      'not-found',
      'shop_two',
      'shop_three',
    ]);
  });

  it('leave what they do not take to the router-wide default, where there is one', () => {
    const everything = ingress('blog/everything', { defaultBackend: DEFAULT });
    const requests = ['a.example.com/two', 'elsewhere.org/'];
    expect(answers([exact, wildcard, everything], requests)).toEqual(['blog_default', 'blog_default']);
  });

  it('cost a further policy only where hosts overlap', () => {
    expect(keysOf([exact])).toEqual(['a.example.com|Prefix|/one']);
    expect(keysOf([exact, ingress('blog/all', { defaultBackend: DEFAULT })])).toEqual([
      'a.example.com|Prefix|/one',
      '|RouterDefault|',
    ]);
    expect(keysOf([exact, wildcard, hostless])).toEqual([
      'a.example.com|Prefix|/one',
      'a.example.com|NotFound|',
      '*.example.com|Prefix|/',
      '|Prefix|/',
    ]);
  });

  it('are held also by a rule without paths', () => {
    const bare = ingress('shop/bare', { rules: [rule('b.example.com')] });
    expect(answers([bare, wildcard], ['b.example.com/', 'c.example.com/'])).toEqual([404, 'shop_two']);
    const withDefault = ingress('shop/bare', { defaultBackend: DEFAULT, rules: [rule('b.example.com')] });
    expect(answers([withDefault, wildcard], ['b.example.com/'])).toEqual(['shop_default']);
  });

  it('may be asked for by several Ingresses of a namespace', () => {
    const more = ingress('shop/more', {
      defaultBackend: DEFAULT,
      rules: [rule('a.example.com', path('/two', 'Exact', two))],
    });
    expect(answers([exact, more], ['a.example.com/one', 'a.example.com/two', 'a.example.com/3'])).toEqual([
      'shop_one',
      'shop_two',
      'shop_default',
    ]);
  });
});
