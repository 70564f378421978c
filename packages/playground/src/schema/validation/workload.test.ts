import { describe, expect, it } from '@jest/globals';
import { withKindDefaults } from '../defaults/index.js';
import type { JsonObject } from '../json.js';
import { resourceSchema } from '../resource-schema.js';
import { causesOf, definition } from './causes.fixture.js';

const podTemplate = (labels: JsonObject, container: JsonObject = {}, spec: JsonObject = {}): JsonObject => ({
  metadata: { labels },
  spec: { containers: [{ name: 'a', image: 'a', ...container }], ...spec },
});
const deploymentOf = (spec: JsonObject): JsonObject => ({
  spec: { selector: { matchLabels: { a: 'b' } }, template: podTemplate({ a: 'b' }), ...spec },
});

describe('a Deployment', () => {
  const deployment = definition('Deployment');
  const SPEC = 'spec.template.spec';
  it.each<[string, JsonObject, string[]]>([
    ['its template', {}, []],
    ['no selector', { selector: undefined }, ['spec.selector: Required value']],
    [
      'an empty selector',
      { selector: {} },
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'other labels',
      { template: podTemplate({ a: 'c' }) },
      ['spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`'],
    ],
    [
      'fewer than no replicas',
      { replicas: -1 },
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'another strategy',
      { strategy: { type: 'Blue' } },
      ['spec.strategy.type: Unsupported value: "Blue": supported values: "Recreate", "RollingUpdate"'],
    ],
    [
      'a standstill',
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } },
      ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0'],
    ],
    [
      'a Recreate that rolls',
      { strategy: { type: 'Recreate', rollingUpdate: {} } },
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
    ['no containers', { template: { metadata: { labels: { a: 'b' } } } }, [`${SPEC}.containers: Required value`]],
    [
      'Pods that end',
      { template: podTemplate({ a: 'b' }, {}, { restartPolicy: 'Never' }) },
      [`${SPEC}.restartPolicy: Unsupported value: "Never": supported values: "Always"`],
    ],
    ['no image', { template: podTemplate({ a: 'b' }, { image: '' }) }, [`${SPEC}.containers[0].image: Required value`]],
    [
      'no container port',
      { template: podTemplate({ a: 'b' }, { ports: [{ name: 'http' }] }) },
      [`${SPEC}.containers[0].ports[0].containerPort: Required value`],
    ],
    [
      'an unknown volume',
      { template: podTemplate({ a: 'b' }, { volumeMounts: [{ name: 'v', mountPath: '/v' }] }) },
      [`${SPEC}.containers[0].volumeMounts[0].name: Not found: "v"`],
    ],
    [
      'a probe of nothing',
      { template: podTemplate({ a: 'b' }, { readinessProbe: {} }) },
      [`${SPEC}.containers[0].readinessProbe: Required value: must specify a handler type`],
    ],
  ])('with %s', (_, spec, causes) => {
    expect(causesOf(deployment, deploymentOf(spec))).toEqual(causes);
  });

  it('keeps its selector', () => {
    const changed = { selector: { matchLabels: { c: 'd' } }, template: podTemplate({ c: 'd' }) };
    expect(causesOf(deployment, deploymentOf(changed), deploymentOf({}))).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"c":"d"}}: field is immutable',
    ]);
  });

  it('understands expressions in its selector', () => {
    const expression = (operator: string, values?: string[]) =>
      causesOf(
        deployment,
        deploymentOf({ selector: { matchExpressions: [{ key: 'a', operator, ...(values ? { values } : {}) }] } }),
      );
    expect(expression('In', ['b'])).toEqual([]);
    expect(expression('Exists')).toEqual([]);
    expect(expression('NotIn', ['b'])).toEqual([expect.stringContaining('does not match template')]);
    expect(expression('DoesNotExist')).toEqual([expect.stringContaining('does not match template')]);
    expect(expression('In')[0]).toContain(
      "values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    );
  });
});

describe('a Pod', () => {
  const pod = definition('Pod');
  const stored = withKindDefaults(pod, resourceSchema(pod), podTemplate({}));
  const changed = (spec: JsonObject) =>
    causesOf(pod, { ...stored, spec: { ...(stored.spec as JsonObject), ...spec } }, stored);

  it.each([
    ['a specification', {}],
    ['containers', { spec: {} }],
  ])('without %s is only refused for its containers', (_, object) => {
    expect(causesOf(pod, object)).toEqual(['spec.containers: Required value']);
  });

  it('may get another image, and a node once', () => {
    expect(causesOf(pod, podTemplate({}, { image: 'b', imagePullPolicy: 'Always' }), stored)).toEqual([]);
    expect(changed({ nodeName: 'n' })).toEqual([]);
  });

  it('may not change otherwise', () => {
    expect(changed({ hostNetwork: true })).toEqual([
      expect.stringContaining('spec: Forbidden: pod updates may not change fields other than'),
    ]);
  });
});
