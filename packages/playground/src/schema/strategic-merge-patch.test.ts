import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from './json.js';
import { modelSchema } from './model-schema.js';
import { applyStrategicMergePatch } from './strategic-merge-patch.js';

const patchDeployment = (live: JsonObject, patch: JsonObject) =>
  applyStrategicMergePatch(modelSchema('V1Deployment'), live, patch);

const withContainers = (...containers: JsonObject[]): JsonObject => ({
  spec: { template: { spec: { containers } } },
});

describe('a strategic merge patch', () => {
  // The cases of "Update API Objects in Place Using kubectl patch" in the Kubernetes documentation.
  it('adds a container beside those there', () => {
    const live = withContainers({ name: 'patch-demo-ctr', image: 'nginx' });
    const patch = withContainers({ name: 'patch-demo-ctr-2', image: 'redis' });
    expect(patchDeployment(live, patch)).toEqual(
      withContainers({ name: 'patch-demo-ctr-2', image: 'redis' }, { name: 'patch-demo-ctr', image: 'nginx' }),
    );
  });

  it('replaces a list that has no merge key', () => {
    const live = {
      spec: { template: { spec: { containers: [], tolerations: [{ key: 'dedicated', value: 'test' }] } } },
    };
    const patch = { spec: { template: { spec: { tolerations: [{ key: 'disktype', value: 'ssd' }] } } } };
    expect(patchDeployment(live, patch)).toEqual({
      spec: { template: { spec: { containers: [], tolerations: [{ key: 'disktype', value: 'ssd' }] } } },
    });
  });

  it('clears what $retainKeys does not list, so that rollingUpdate goes with its strategy', () => {
    const live = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '30%' } } } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(patchDeployment(live, patch)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
  });

  it('refuses a $retainKeys that leaves out a key of the patch', () => {
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate', rollingUpdate: {} } } };
    expect(() => patchDeployment({}, { spec: { strategy: patch.spec.strategy } })).not.toThrow();
    expect(() => patchDeployment({ spec: { strategy: {} } }, patch)).toThrow('invalid patch format of retainKeys');
  });

  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['null deletes a key', { a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    ['null for an absent key is nothing', { a: 1 }, { b: null, c: { d: null, e: 1 } }, { a: 1, c: { e: 1 } }],
    ['another JSON type replaces', { a: { b: 1 } }, { a: 'x' }, { a: 'x' }],
    ['$patch: replace replaces a map', { a: { b: 1 } }, { a: { $patch: 'replace', c: 2 } }, { a: { c: 2 } }],
    ['$patch: delete empties a map', { a: { b: 1 } }, { a: { $patch: 'delete' } }, { a: {} }],
    ['an unknown list is replaced', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['numbers and booleans stay what they are', {}, { a: 0, b: false }, { a: 0, b: false }],
  ])('%s', (_, live, patch, expected) => {
    expect(patchDeployment(live, patch)).toEqual(expected);
  });

  it.each<[string, JsonObject[], JsonObject[], JsonObject[]]>([
    [
      'merges an element by its key',
      [{ name: 'a', image: '1', tty: true }],
      [{ name: 'a', image: '2' }],
      [{ name: 'a', image: '2', tty: true }],
    ],
    ['deletes an element', [{ name: 'a' }, { name: 'b' }], [{ name: 'a', $patch: 'delete' }], [{ name: 'b' }]],
    ['replaces the list', [{ name: 'a' }, { name: 'b' }], [{ name: 'c' }, { $patch: 'replace' }], [{ name: 'c' }]],
    ['ignores a deletion of what is not there', [{ name: 'a' }], [{ name: 'x', $patch: 'delete' }], [{ name: 'a' }]],
  ])('%s', (_, live, patch, expected) => {
    expect(patchDeployment(withContainers(...live), withContainers(...patch))).toEqual(withContainers(...expected));
  });

  it('orders elements by $setElementOrder, with those it does not know where they stood', () => {
    const live = withContainers({ name: 'server' }, { name: 'a' }, { name: 'b' });
    const patch = {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }, { name: 'a' }],
            containers: [{ name: 'c' }],
          },
        },
      },
    };
    expect(patchDeployment(live, patch)).toEqual(
      withContainers({ name: 'server' }, { name: 'b' }, { name: 'c' }, { name: 'a' }),
    );
  });

  it('refuses elements in another order than $setElementOrder', () => {
    const patch = {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
            containers: [{ name: 'b' }, { name: 'a' }],
          },
        },
      },
    };
    expect(() => patchDeployment(withContainers({ name: 'a' }), patch)).toThrow(/^The order in patch list/);
  });

  it('adds to, orders and deletes from a list of primitives', () => {
    const live = { metadata: { finalizers: ['a', 'b', 'c'] } };
    const patch = {
      metadata: {
        '$deleteFromPrimitiveList/finalizers': ['b'],
        '$setElementOrder/finalizers': ['d', 'a', 'c'],
        finalizers: ['d'],
      },
    };
    expect(patchDeployment(live, patch)).toEqual({ metadata: { finalizers: ['d', 'a', 'c'] } });
    expect(patchDeployment(live, { metadata: { '$deleteFromPrimitiveList/finalizers': ['b'] } })).toEqual({
      metadata: { finalizers: ['a', 'c'] },
    });
  });

  it('knows a Service port by its number alone, as the real server does', () => {
    const live = { spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 80 }] } };
    const patch = { spec: { ports: [{ port: 80, targetPort: 8080 }] } };
    expect(applyStrategicMergePatch(modelSchema('V1Service'), live, patch)).toEqual({
      spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }] },
    });
  });

  it('replaces the rules of an Ingress as one list', () => {
    const live = { spec: { rules: [{ host: 'a' }, { host: 'b' }] } };
    expect(applyStrategicMergePatch(modelSchema('V1Ingress'), live, { spec: { rules: [{ host: 'c' }] } })).toEqual({
      spec: { rules: [{ host: 'c' }] },
    });
  });

  it('names what is wrong with a malformed patch', () => {
    expect(() => patchDeployment(withContainers({ name: 'a' }), withContainers({ image: 'x' }))).toThrow(
      'map: {"image":"x"} does not contain declared merge key: name',
    );
    expect(() => patchDeployment({}, { $patch: 'mangle' })).toThrow('unknown patch type: mangle in map');
  });

  it('leaves what it is given unchanged', () => {
    const live = Object.freeze({ spec: Object.freeze({ replicas: 1 }) });
    expect(patchDeployment(live, { spec: { replicas: 2 } })).toEqual({ spec: { replicas: 2 } });
    expect(live).toEqual({ spec: { replicas: 1 } });
  });
});
