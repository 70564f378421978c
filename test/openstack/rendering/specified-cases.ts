/** Random clusters and requests, from those of the compiler's own property test, in the spelling of real ones. */
import type { Ingress, Service } from '@kuryr-l7/router';
import fc from 'fast-check';
import {
  arbitraryIngresses,
  arbitraryRequest,
  arbitraryServices,
  service,
} from '../../../packages/router/src/compile/cluster.fixture.js';
import type { SpecifiedCluster } from '../../../packages/router/src/compile/ingress-specification.fixture.js';
import type { RawRequest } from './raw-request.js';

export interface SpecifiedCase {
  readonly cluster: SpecifiedCluster;
  readonly hostOwnership: boolean;
  readonly requests: readonly RawRequest[];
}

/** What stands for the one-letter elements and labels of the fixtures. */
interface Spelling {
  readonly a: string;
  readonly b: string;
  readonly w: string;
  readonly x: string;
}

/** Means something to a regular expression, to haproxy.cfg, to Jinja or to an HTTP server. */
const TRICKY = [
  'a.c',
  '...',
  '.well-known',
  '(a|b)',
  'a|b',
  'a+',
  'a*',
  '[a-z]',
  '^a$',
  '(?!a)',
  '{2}',
  'a\\',
  '\\d',
  '\\\\',
]
  .concat([
    '\\n',
    '\\x41',
    '$',
    '$a',
    `\${HOME}`,
    '$1',
    '%41',
    '%5C',
    '%E2%82%AC',
    '%{HOST}',
    '%[src]',
    '-i',
    '--',
    '-f',
  ])
  .concat(['{{a}}', '{%a%}', '!a', 'if', '||', '}', '~', '`a`', 'a;v=1', 'a=b,c', ':', '@', '*', 'A', '_']);

/** What a path may hold on Octavia, without what would need a look at its neighbours: `.` and `%`. */
const PATH_CHARACTERS = [...'!$()*+,-:;=@[\\]^_`{|}~0129AZaz'];

const arbitraryElement = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'foo', 'bar') },
  { weight: 4, arbitrary: fc.constantFrom(...TRICKY) },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...PATH_CHARACTERS), minLength: 1, maxLength: 6 }) },
);

export const arbitrarySpelling: fc.Arbitrary<Spelling> = fc.record({
  a: arbitraryElement,
  b: arbitraryElement,
  w: fc.constantFrom('w', 'www', 'w-1', 'xn--mnchen-3ya', '0'),
  x: fc.constantFrom('x', 'example.com', '1-x.co.uk', 'internal'),
});

function respelledPath(path: string, { a, b }: Spelling): string {
  return path.replace(/[abA]/g, (letter) => (letter === 'b' ? b : letter === 'a' ? a : a.toUpperCase()));
}

function respelledHost(host: string, { w, x }: Spelling): string {
  return host.replace(/[wxWX]/g, (letter) => {
    const label = letter.toLowerCase() === 'w' ? w : x;
    return letter === letter.toUpperCase() ? label.toUpperCase() : label;
  });
}

function respelledIngress({ metadata, spec = {} }: Ingress, spelling: Spelling): Ingress {
  const { rules, ...others } = spec;
  if (rules === undefined) return { metadata, spec };
  const respelled = rules.map(({ host, http }) => ({
    ...(host !== undefined && { host: respelledHost(host, spelling) }),
    ...(http !== undefined && {
      http: {
        paths: (http.paths ?? []).map(({ path, ...rest }) => ({
          ...rest,
          ...(path !== undefined && { path: respelledPath(path, spelling) }),
        })),
      },
    }),
  }));
  return { metadata, spec: { ...others, rules: respelled } };
}

/** Elements that a client's library would take away or encode. */
const RAW_ELEMENTS = [
  'a',
  'b',
  'A',
  'c',
  'ab',
  '',
  '.',
  '..',
  '%61',
  '%2f',
  '%',
  'a;v=1',
  'a%00',
  'b:80',
  '*',
  'a\\',
  '|',
  '"',
  '<a>',
];

const arbitraryPath = fc.oneof(
  { weight: 3, arbitrary: arbitraryRequest.map(({ path }) => path) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...RAW_ELEMENTS), { minLength: 1, maxLength: 4 })
      .map((all) => `/${all.join('/')}`),
  },
);

const arbitraryHost = fc.oneof(
  { weight: 5, arbitrary: arbitraryRequest.map(({ host }) => host) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('*.x', 'w-x', 'wxx', 'w.x.x', 'u.w.x.x', 'W.x:443', 'w.x:', '10.0.0.1:80', '[::1]:80'),
  },
);

/** All that the fixtures' Ingresses name: with these, what decides is which path is meant. */
const EVERY_SERVICE: readonly Service[] = ['a', 'b'].flatMap((namespace) =>
  ['s', 't', 'u'].map((name) =>
    service(`${namespace}/${name}`, [
      { port: 80, name: 'http' },
      { port: 81, name: 'admin' },
    ]),
  ),
);

/** A case in the one-letter spelling. */
export const arbitraryPlainCase = fc.record({
  ingresses: arbitraryIngresses,
  services: fc.oneof(arbitraryServices, fc.constant(EVERY_SERVICE)),
  hostOwnership: fc.boolean(),
  requests: fc.array(
    fc.record({
      host: arbitraryHost,
      path: arbitraryPath,
      query: fc.constantFrom('', '', '', '?', '?/a/b', '?a=%2Fa&b=http://w.x/a', '?a?b'),
      absolute: fc.constantFrom(false, false, false, true),
    }),
    { minLength: 1, maxLength: 60, size: 'max' },
  ),
});

type PlainCase = typeof arbitraryPlainCase extends fc.Arbitrary<infer Value> ? Value : never;

export function respelled(
  { ingresses, services, hostOwnership, requests }: PlainCase,
  spelling: Spelling,
): SpecifiedCase {
  return {
    cluster: { ingresses: ingresses.map((ingress) => respelledIngress(ingress, spelling)), services },
    hostOwnership,
    requests: requests.map(({ host: plain, path, query, absolute }) => {
      const host = respelledHost(plain, spelling);
      const target = `${respelledPath(path, spelling)}${query}`;
      return { host, target: absolute && /^[\w.-]+(:\d+)?$/.test(host) ? `http://${host}${target}` : target };
    }),
  };
}

export const arbitraryCase: fc.Arbitrary<SpecifiedCase> = fc
  .tuple(arbitraryPlainCase, arbitrarySpelling)
  .map(([plain, spelling]) => respelled(plain, spelling));

/** The path of a request, as rules compare it. */
export function pathOf({ target }: RawRequest): string {
  return target.replace(/^http:\/\/[^/]*/, '').replace(/\?.*$/, '');
}
