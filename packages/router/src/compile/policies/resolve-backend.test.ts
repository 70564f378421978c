import { describe, expect, it } from '@jest/globals';
import { FULL_CAPABILITIES } from '../../capabilities.js';
import type { IngressBackend, Service } from '../../kubernetes.js';
import { ingress, OCTAVIA_LIKE, OPTIONS, path, rule, service, toService } from '../cluster.fixture.js';
import { compileIngresses } from '../compile-ingresses.fixture.js';
import { compileRouter } from '../compile-router.js';
import { IngressCompiler } from '../ingress-compiler.js';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;

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
    const { problems, messages, policies, pools } = compileIngresses([web], FULL_CAPABILITIES, services);
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
    const { policies, pools, problems } = compileIngresses([web], OCTAVIA_LIKE);
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
    const { pools, problems } = compileIngresses([web], { ...FULL_CAPABILITIES, lbAlgorithms: ['ROUND_ROBIN'] }, [
      sticky,
    ]);
    expect(pools[0]?.lbAlgorithm).toBe('ROUND_ROBIN');
    expect(problems('shop/web')).toEqual(['RouterCannotExpress spec.defaultBackend.service.name']);
  });
});

describe('pools', () => {
  const poolOf = (ports: Service['spec'], port: number | string) => {
    const web = ingress('shop/web', { rules: [rule('a.x', path('/', 'Prefix', toService('api', port)))] });
    const objects = {
      ingresses: [web],
      services: [{ metadata: { namespace: 'shop', name: 'api' }, spec: { ...ports } }],
      ingressClasses: [],
      endpointSlices: [],
    };
    return compileRouter(objects, OPTIONS, FULL_CAPABILITIES, [LISTENER], 'IPv4').compilation.pools[0];
  };

  it('are named for namespace and Service, and for the port where the Service has several', () => {
    expect(poolOf({ ports: [{ port: 80 }] }, 80)).toMatchObject({ name: 'shop_api', port: { number: 80 } });
    const several = [
      { name: 'http', port: 80 },
      { name: 'admin', port: 8080 },
    ];
    expect(poolOf({ ports: several }, 8080)).toMatchObject({
      name: 'shop_api_8080',
      port: { number: 8080, name: 'admin' },
    });
    expect(poolOf({ ports: several }, 'http')).toMatchObject({
      name: 'shop_api_80',
      port: { number: 80, name: 'http' },
    });
    const dns = [
      { name: 'http', port: 80 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ];
    expect(poolOf({ ports: dns }, 80)).toMatchObject({ name: 'shop_api' });
  });

  it('are those of a Service, and stick to clients where the Service does', () => {
    expect(poolOf({ ports: [{ port: 80 }] }, 80)).toEqual({
      name: 'shop_api',
      service: 'shop/api',
      port: { number: 80 },
      lbAlgorithm: 'ROUND_ROBIN',
      source: { kind: 'Service', namespace: 'shop', name: 'api' },
    });
    expect(poolOf({ ports: [{ port: 80 }], sessionAffinity: 'ClientIP' }, 80)).toMatchObject({
      lbAlgorithm: 'SOURCE_IP',
    });
  });

  it('balance and are checked as the router is configured, but stick to clients where the Service does', () => {
    const healthMonitor = { type: 'TCP', delay: 5, timeout: 3, maxRetries: 1, maxRetriesDown: 3 } as const;
    const poolDefaults = { lbAlgorithm: 'LEAST_CONNECTIONS', healthMonitor } as const;
    const web = ingress('shop/web', { rules: [rule('a.x', path('/', 'Prefix', toService('api')))] });
    const poolFor = (spec: Service['spec']) => {
      const services = [{ metadata: { namespace: 'shop', name: 'api' }, spec: { ports: [{ port: 80 }], ...spec } }];
      const objects = { ingresses: [web], services, ingressClasses: [], endpointSlices: [] };
      return compileRouter(objects, OPTIONS, { ...FULL_CAPABILITIES, poolDefaults }, [LISTENER], 'IPv4').router
        .pools[0];
    };
    expect(poolFor({})).toMatchObject(poolDefaults);
    expect(poolFor({ sessionAffinity: 'ClientIP' })).toMatchObject({ lbAlgorithm: 'SOURCE_IP', healthMonitor });
  });

  it('hold the endpoints of their Service', () => {
    const web = ingress('shop/web', { rules: [rule('a.x', path('/', 'Prefix', toService('one')))] });
    const slice = {
      metadata: { namespace: 'shop', name: 'one-1', labels: { 'kubernetes.io/service-name': 'one' } },
      endpoints: [{ addresses: ['10.0.0.7'] }],
      ports: [{ port: 8080 }],
    };
    const objects = { ingresses: [web], services: [service('shop/one')], ingressClasses: [], endpointSlices: [slice] };
    const { router } = compileRouter(objects, OPTIONS, FULL_CAPABILITIES, [LISTENER], 'IPv4');
    expect(router.pools).toEqual([
      {
        name: 'shop_one',
        protocol: 'HTTP',
        lbAlgorithm: 'ROUND_ROBIN',
        members: [{ address: '10.0.0.7', port: 8080, weight: 1, backup: false }],
        source: { kind: 'Service', namespace: 'shop', name: 'one' },
      },
    ]);
  });
});
