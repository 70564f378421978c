import type { ObjectReference, PatchOptions, PatchType, WriteOptions } from './api-client.js';
import { badRequest, invalid, notServed, unsupportedMediaType } from './api-error.js';
import { type ApiObject, isRecord } from './api-object.js';
import { type Backend, readStored } from './backend.js';
import { jsonPatch } from './json-patch.js';
import { mergePatch } from './merge-patch.js';
import { viewOf } from './object-version.js';
import type { ResourceDefinition, ScalePaths } from './resource-definition.js';
import { commitUpdate } from './update-object.js';

const WORKLOAD_PATHS: ScalePaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };

/** The `autoscaling/v1` Scale of a workload or of a custom resource that has one. */
export function readScale(backend: Backend, reference: ObjectReference): ApiObject {
  const definition = backend.registry.get(reference);
  return scaleOf(definition, readStored(backend, definition, reference));
}

export function updateScale(
  backend: Backend,
  reference: ObjectReference,
  sent: unknown,
  options: WriteOptions,
): ApiObject {
  const definition = backend.registry.get(reference);
  const live = viewOf(definition, readStored(backend, definition, reference));
  if (!isRecord(sent)) throw badRequest('Scale in version "v1" cannot be handled: not a JSON object');
  const replicas = replicasOf(sent, reference.name);
  const { resourceVersion } = isRecord(sent.metadata) ? sent.metadata : {};
  const scaled = setAt(live, pathsOf(definition).specReplicasPath, replicas);
  const { resourceVersion: _live, ...metadata } = scaled.metadata;
  const expected = typeof resourceVersion === 'string' ? { resourceVersion } : {};
  const requested = { ...scaled, metadata: { ...metadata, ...expected } };
  return scaleOf(definition, commitUpdate(backend, definition, live, requested, options, 'track'));
}

export function patchScale(
  backend: Backend,
  reference: ObjectReference,
  type: PatchType,
  patch: unknown,
  options: PatchOptions,
): ApiObject {
  const scale = readScale(backend, reference);
  switch (type) {
    case 'json':
      return updateScale(backend, reference, jsonPatch(scale, patch), options);
    case 'merge':
    case 'strategic':
      // A Scale has no lists: both kinds of merge do the same.
      return updateScale(backend, reference, mergePatch(scale, patch), options);
    case 'apply':
      throw unsupportedMediaType(['application/json-patch+json', 'application/merge-patch+json']);
  }
}

function scaleOf(definition: ResourceDefinition, object: ApiObject): ApiObject {
  const paths = pathsOf(definition);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = numberAt(object, paths.specReplicasPath);
  const selector = selectorText(object, paths);
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: numberAt(object, paths.statusReplicasPath), ...(selector === '' ? {} : { selector }) },
  };
}

function pathsOf(definition: ResourceDefinition): ScalePaths {
  if (!definition.subresources.includes('scale')) throw notServed();
  return definition.custom?.scale ?? WORKLOAD_PATHS;
}

/** A Scale without replicas asks for none, as Go reads it. */
function replicasOf(scale: Readonly<Record<string, unknown>>, name: string): number {
  const replicas = isRecord(scale.spec) ? (scale.spec.replicas ?? 0) : 0;
  if (typeof replicas === 'number' && Number.isInteger(replicas) && replicas >= 0) return replicas;
  const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
  throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
    { reason: 'FieldValueInvalid', field: 'spec.replicas', message },
  ]);
}

/** The selector as text: `app=web`, `tier in (a,b)`. */
function selectorText(object: ApiObject, paths: ScalePaths): string {
  if (paths.labelSelectorPath !== undefined) {
    const text = valueAt(object, paths.labelSelectorPath);
    return typeof text === 'string' ? text : '';
  }
  const selector = valueAt(object, '.spec.selector');
  if (!isRecord(selector)) return '';
  const labels = isRecord(selector.matchLabels) ? selector.matchLabels : {};
  const expressions: readonly unknown[] = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  return [
    ...Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`),
    ...expressions.map(expressionText),
  ].join(',');
}

function expressionText(expression: unknown): string {
  if (!isRecord(expression)) return '';
  const { key, operator, values } = expression;
  const list = Array.isArray(values) ? values.join(',') : '';
  switch (operator) {
    case 'Exists':
      return String(key);
    case 'DoesNotExist':
      return `!${String(key)}`;
    default:
      return `${String(key)} ${operator === 'NotIn' ? 'notin' : 'in'} (${list})`;
  }
}

function valueAt(object: ApiObject, path: string): unknown {
  let value: unknown = object;
  for (const field of fieldsOf(path)) value = isRecord(value) ? value[field] : undefined;
  return value;
}

function numberAt(object: ApiObject, path: string): number {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : 0;
}

function setAt(object: ApiObject, path: string, value: unknown): ApiObject {
  const patch = fieldsOf(path).reduceRight<unknown>((inner, field) => ({ [field]: inner }), value);
  const { apiVersion, kind, metadata } = object;
  const merged = mergePatch(object, patch);
  return { ...(isRecord(merged) ? merged : {}), apiVersion, kind, metadata };
}

/** `.spec.replicas` -> `spec`, `replicas`. */
function fieldsOf(path: string): readonly string[] {
  return path.split('.').filter((field) => field !== '');
}
