import type { ExpectationSuite, RequestStep } from './expectation.js';

/** A policy of a fully populated create, told apart by the path that its redirect leads to. */
function redirect(mark: string, ...rules: readonly object[]) {
  return { action: 'REDIRECT_TO_URL', redirect_url: `https://x.example/${mark}`, rules };
}

function path(compare_type: string, value: string) {
  return { type: 'PATH', compare_type, value };
}

function host(compare_type: string, value: string) {
  return { type: 'HOST_NAME', compare_type, value };
}

function get(url: string, headers: Readonly<Record<string, string>> = {}): RequestStep['get'] {
  const slash = url.indexOf('/');
  return { host: url.slice(0, slash), path: url.slice(slash), headers };
}

/** The request is taken by the policy of that mark. */
function leads(url: string, mark: string, headers?: Readonly<Record<string, string>>): RequestStep {
  return { get: get(url, headers), gets: 302, location: `https://x.example/${mark}` };
}

/** No policy takes the request, and there is no default pool. */
function unmatched(url: string, headers?: Readonly<Record<string, string>>): RequestStep {
  return { get: get(url, headers), gets: 503 };
}

export const ROUTING: ExpectationSuite = {
  name: 'Requests to a load balancer',
  setup: [
    {
      send: 'POST /v2/lbaas/loadbalancers',
      body: {
        loadbalancer: {
          name: 'routing',
          vip_subnet_id: '{facts.networks.vips.subnetId}',
          listeners: [
            {
              protocol: 'HTTP',
              protocol_port: 80,
              l7policies: [
                {
                  action: 'REDIRECT_TO_POOL',
                  redirect_pool: { name: 'empty', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' },
                  rules: [path('STARTS_WITH', '/order')],
                },
                redirect('host', host('EQUAL_TO', 'exact.example')),
                redirect('host-regex', host('REGEX', '^regex\\.example(:[0-9]+)?$')),
                redirect('host-end', host('ENDS_WITH', '.end.example')),
                redirect('prefix', path('STARTS_WITH', '/two')),
                redirect('element', path('REGEX', '^/foo(/|$)')),
                redirect('equal', path('EQUAL_TO', '/a%20b')),
                redirect('escaped', path('EQUAL_TO', '/a&b')),
                redirect('cut', path('EQUAL_TO', '/c#d')),
                redirect('header', { type: 'HEADER', compare_type: 'EQUAL_TO', key: 'X-Canary', value: 'always' }),
                redirect('cookie', { type: 'COOKIE', compare_type: 'EQUAL_TO', key: 'canary', value: 'yes' }),
                redirect('both', path('EQUAL_TO', '/both'), host('EQUAL_TO', 'both.example')),
                redirect('inverted', path('EQUAL_TO', '/inverted'), {
                  ...host('EQUAL_TO', 'not.example'),
                  invert: true,
                }),
                redirect('no-rules'),
                { ...redirect('disabled', path('EQUAL_TO', '/disabled')), admin_state_up: false },
                redirect('order', path('STARTS_WITH', '/order/redirect')),
                {
                  action: 'REDIRECT_PREFIX',
                  redirect_prefix: 'https://p.example',
                  redirect_http_code: 308,
                  rules: [host('EQUAL_TO', 'prefix.example')],
                },
                {
                  action: 'REDIRECT_TO_URL',
                  redirect_url: 'https://x.example/?a=1&b=2',
                  rules: [path('EQUAL_TO', '/ampersand')],
                },
                { action: 'REJECT', rules: [path('STARTS_WITH', '/order/reject')] },
              ],
            },
          ],
        },
      },
      status: 201,
      save: { loadBalancer: 'loadbalancer.id' },
      settles: 'ACTIVE',
    },
  ],
  expectations: [
    {
      name: 'match a host in any case, and with a port only where a regex allows it',
      steps: [
        leads('exact.example/', 'host'),
        leads('EXACT.Example/', 'host'),
        unmatched('exact.example:80/'),
        leads('regex.example/', 'host-regex'),
        leads('REGEX.example:8080/', 'host-regex'),
        unmatched('a.regex.example/'),
        leads('a.b.end.example/', 'host-end'),
        unmatched('a.end.example:80/'),
      ],
    },
    {
      name: 'match a path as it is sent, without its query, in its case',
      steps: [
        leads('any.example/two', 'prefix'),
        leads('any.example/twofold?x=/y', 'prefix'),
        unmatched('any.example/Two'),
        unmatched('any.example/?/two'),
        leads('any.example/foo', 'element'),
        leads('any.example/foo/bar', 'element'),
        unmatched('any.example/foobar'),
        unmatched('any.example/%66oo'),
        unmatched('any.example//foo'),
        leads('any.example/a%20b', 'equal'),
      ],
    },
    {
      name: 'never match what Octavia escapes for HTML, and match what is left of what HAProxy takes for a comment',
      steps: [unmatched('any.example/a&b'), leads('any.example/a&amp;b', 'escaped'), leads('any.example/c', 'cut')],
    },
    {
      name: 'match fields by name in any case and by value in its own, and cookies',
      steps: [
        leads('any.example/', 'header', { 'x-CANARY': 'always' }),
        unmatched('any.example/', { 'X-Canary': 'Always' }),
        leads('any.example/', 'cookie', { cookie: 'a=b; canary=yes' }),
        unmatched('any.example/', { cookie: 'Canary=yes' }),
      ],
    },
    {
      name: 'need all rules of a policy, which may be inverted; one without rules or disabled takes nothing',
      steps: [
        leads('both.example/both', 'both'),
        unmatched('other.example/both'),
        unmatched('both.example/'),
        leads('any.example/inverted', 'inverted'),
        unmatched('not.example/inverted'),
        unmatched('any.example/disabled'),
      ],
    },
    {
      name: 'are rejected before they are redirected, and redirected before they are sent to a pool, whatever the positions',
      steps: [
        { get: get('any.example/order/reject'), gets: 403 },
        leads('any.example/order/redirect', 'order'),
        { get: get('any.example/order/else'), gets: 503 },
      ],
    },
    {
      name: 'are redirected with path and query by a prefix, and with an escaped ampersand by a URL that has one',
      steps: [
        { get: get('prefix.example/deep?q=1'), gets: 308, location: 'https://p.example/deep?q=1' },
        { get: get('any.example/ampersand?q=1'), gets: 302, location: 'https://x.example/?a=1&amp;b=2' },
      ],
    },
  ],
};
