import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../json.js';
import { causesOf, definition } from './causes.fixture.js';

describe('a Service', () => {
  const service = definition('Service');
  it.each<[string, JsonObject, string[]]>([
    ['ports', { ports: [{ port: 80 }] }, []],
    ['no ports and no address', { clusterIP: 'None' }, []],
    ['an external name', { type: 'ExternalName', externalName: 'example.com.' }, []],
    ['no ports', {}, ['spec.ports: Required value']],
    [
      'a bad port',
      { ports: [{ port: 0 }] },
      [
        'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
      ],
    ],
    ['nameless ports', { ports: [{ port: 1 }, { port: 2, name: 'b' }] }, ['spec.ports[0].name: Required value']],
    [
      'a name twice',
      {
        ports: [
          { port: 1, name: 'a' },
          { port: 2, name: 'a' },
        ],
      },
      ['spec.ports[1].name: Duplicate value: "a"'],
    ],
    [
      'a port twice',
      {
        ports: [
          { port: 1, name: 'a' },
          { port: 1, name: 'b' },
        ],
      },
      ['spec.ports[1]: Duplicate value: {"port":1,"protocol":"TCP"}'],
    ],
    [
      'another type',
      { type: 'Router', ports: [{ port: 1 }] },
      [
        'spec.type: Unsupported value: "Router": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    ['no external name', { type: 'ExternalName' }, ['spec.externalName: Required value']],
    [
      'a node port without the type',
      { ports: [{ port: 1, nodePort: 30_000 }] },
      ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ],
    [
      'a headless node port',
      { type: 'NodePort', clusterIP: 'None', ports: [{ port: 1 }] },
      ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
    ],
    [
      'a bad target',
      { ports: [{ port: 1, targetPort: '80' }] },
      ['spec.ports[0].targetPort: Invalid value: "80": must contain at least one letter (a-z)'],
    ],
  ])('with %s', (_, spec, causes) => {
    expect(causesOf(service, { spec })).toEqual(causes);
  });

  it('keeps its address', () => {
    const spec = (clusterIP: string) => ({ spec: { type: 'ClusterIP', clusterIP, ports: [{ port: 1 }] } });
    expect(causesOf(service, spec('10.0.0.2'), spec('10.0.0.1'))).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set',
    ]);
  });
});
