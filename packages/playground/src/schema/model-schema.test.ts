import { describe, expect, it } from '@jest/globals';
import { isModel, modelFields } from './client-node-models.js';
import { parse } from './model-documentation.js';
import { ATOMIC_MAPS, ATOMIC_MODELS, LIST_FACTS, QUANTITIES, RETAIN_KEYS } from './model-facts.js';
import { modelSchema } from './model-schema.js';
import { childSchema, type Schema } from './schema.js';

function at(model: string, ...path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>((schema, key) => {
    const object = schema?.type === 'list' ? schema.items : schema;
    return object === undefined ? undefined : childSchema(object, key);
  }, modelSchema(model));
}

describe('schemas of built-in kinds', () => {
  it.each<[string, Schema | undefined, object]>([
    [
      'containers merge by name',
      at('V1Pod', 'spec', 'containers'),
      { type: 'list', listType: 'map', keys: ['name'], patch: { strategy: 'merge', mergeKey: 'name' } },
    ],
    [
      'Service ports are owned by port and protocol',
      at('V1Service', 'spec', 'ports'),
      { listType: 'map', keys: ['port', 'protocol'], keyDefaults: { protocol: 'TCP' } },
    ],
    [
      'rules of an Ingress are one value',
      at('V1Ingress', 'spec', 'rules'),
      { listType: 'atomic', patch: { strategy: 'replace' } },
    ],
    ['endpoints of a slice are one value', at('V1EndpointSlice', 'endpoints'), { listType: 'atomic' }],
    ['finalizers are a set', at('V1Pod', 'metadata', 'finalizers'), { listType: 'set', patch: { strategy: 'merge' } }],
    ['a label selector is one value', at('V1Deployment', 'spec', 'selector'), { type: 'object', atomic: true }],
    ['the selector of a Service is one value', at('V1Service', 'spec', 'selector'), { type: 'map', atomic: true }],
    ['labels are owned one by one', at('V1Pod', 'metadata', 'labels'), { type: 'map', atomic: false }],
    ['targetPort is a number or a name', at('V1Service', 'spec', 'ports', 'targetPort'), { type: 'int-or-string' }],
    [
      'a strategy retains keys',
      at('V1Deployment', 'spec', 'strategy'),
      { retainKeys: true, name: 'DeploymentStrategy' },
    ],
    ['renewTime has microseconds', at('V1Lease', 'spec', 'renewTime'), { type: 'string', format: 'date-time-micro' }],
    ['data of a Secret is base64', at('V1Secret', 'data', 'any'), { type: 'string', format: 'byte' }],
  ])('%s', (_, schema, expected) => {
    expect(schema).toMatchObject(expected);
  });

  it('has facts only about models and fields that client-node has', () => {
    for (const [model, lists] of Object.entries(LIST_FACTS)) {
      const fields = modelFields(model)
        .filter((field) => field.type.startsWith('Array<'))
        .map((field) => field.baseName);
      expect([model, Object.keys(lists).filter((list) => !fields.includes(list))]).toEqual([model, []]);
    }
    expect([...ATOMIC_MODELS].filter((model) => !isModel(model))).toEqual([]);
    const places = [...ATOMIC_MAPS, ...QUANTITIES, ...RETAIN_KEYS].map((place) => place.split('.') as [string, string]);
    const unknown = places.filter(([model, name]) => !modelFields(model).some((field) => field.baseName === name));
    expect(unknown).toEqual([]);
  });

  it('reads texts and required fields from declarations', () => {
    const port = modelSchema('V1ServicePort');
    expect(port.required()).toEqual(['port']);
    expect(port.fieldDescription('port')).toBe('The port that will be exposed by this service.');
    expect(port.description()).toBe("ServicePort contains information on service's port.");
  });

  it('does without declarations', () => {
    expect(parse(undefined)).toEqual({ description: '', fields: new Map(), required: [] });
  });
});
