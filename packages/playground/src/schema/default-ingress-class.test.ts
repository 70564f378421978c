import { describe, expect, it } from '@jest/globals';
import type { ApiObject } from '../api-server/api-object.js';
import { BUILT_IN_RESOURCES } from '../api-server/resources.js';
import { defaultIngressClassHook } from './default-ingress-class.js';

const INGRESS = BUILT_IN_RESOURCES.filter((resource) => resource.kind === 'Ingress');
const OTHERS = BUILT_IN_RESOURCES.filter((resource) => resource.kind === 'Secret');

function ingressClass(name: string, isDefault: boolean, creationTimestamp = '2026-01-01T00:00:00Z'): ApiObject {
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': String(isDefault) };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name, annotations, creationTimestamp },
  };
}

function admitted(
  classes: ApiObject[],
  changes: Partial<ApiObject> = {},
  old?: ApiObject,
  resources = INGRESS,
): unknown {
  const ingress: ApiObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'i' },
    spec: {},
    ...changes,
  };
  return resources.map((resource) => defaultIngressClassHook(() => classes)(resource, ingress, old).spec)[0];
}

describe('the default IngressClass', () => {
  const classes = [ingressClass('a', false), ingressClass('b', true)];

  it('is given to a new Ingress that names no class', () => {
    expect(admitted(classes)).toEqual({ ingressClassName: 'b' });
    expect(admitted([])).toEqual({});
  });

  it('is the newest of several, and the first by name of the same second', () => {
    const newer = [
      ...classes,
      ingressClass('z', true, '2026-01-02T00:00:00Z'),
      ingressClass('y', true, '2026-01-02T00:00:00Z'),
    ];
    expect(admitted(newer)).toEqual({ ingressClassName: 'y' });
  });

  it('is not given where a class is named, on updates, or to other kinds', () => {
    expect(admitted(classes, { spec: { ingressClassName: 'a' } })).toEqual({ ingressClassName: 'a' });
    const annotated = { metadata: { name: 'i', annotations: { 'kubernetes.io/ingress.class': 'x' } } };
    expect(admitted(classes, annotated)).toEqual({});
    expect(admitted(classes, {}, ingressClass('old', false))).toEqual({});
    expect(admitted(classes, {}, undefined, OTHERS)).toEqual({});
  });
});
