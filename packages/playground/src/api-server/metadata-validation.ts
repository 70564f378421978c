import { labelKeyProblems, labelValueProblems } from '../name-rules.js';
import { type ApiObject, isRecord } from './api-object.js';
import { nameProblems } from './object-name.js';
import type { ResourceDefinition } from './resource-definition.js';
import type { StatusCause } from './types.js';

const ANNOTATIONS_LIMIT_BYTES = 256 * 1024;

/** What is wrong with the metadata that every kind shares (k8s.io/apimachinery/pkg/api/validation/objectmeta.go). */
export function metadataCauses(definition: ResourceDefinition, object: ApiObject, old?: ApiObject): StatusCause[] {
  const { metadata } = object;
  return [
    ...nameCauses(definition, object),
    ...labelCauses(metadata.labels),
    ...annotationCauses(metadata.annotations),
    ...ownerCauses(metadata.ownerReferences),
    ...finalizerCauses(object, old),
  ];
}

function nameCauses(definition: ResourceDefinition, { metadata }: ApiObject): StatusCause[] {
  return invalidEach('metadata.name', metadata.name, nameProblems(definition, metadata.name));
}

function labelCauses(labels: unknown): StatusCause[] {
  if (labels === undefined) return [];
  const field = 'metadata.labels';
  if (!isRecord(labels)) return [typeInvalid(field, labels, 'map[string]string')];
  return Object.entries(labels).flatMap(([key, value]) => {
    const causes = invalidEach(field, key, labelKeyProblems(key));
    if (typeof value !== 'string') return [...causes, typeInvalid(`${field}.${key}`, value, 'string')];
    return [...causes, ...invalidEach(field, value, labelValueProblems(value))];
  });
}

function annotationCauses(annotations: unknown): StatusCause[] {
  if (annotations === undefined) return [];
  const field = 'metadata.annotations';
  if (!isRecord(annotations)) return [typeInvalid(field, annotations, 'map[string]string')];
  let bytes = 0;
  const causes = Object.entries(annotations).flatMap(([key, value]) => {
    if (typeof value !== 'string') return [typeInvalid(`${field}.${key}`, value, 'string')];
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    return invalidEach(field, key, labelKeyProblems(key.toLowerCase()));
  });
  if (bytes <= ANNOTATIONS_LIMIT_BYTES) return causes;
  return [
    ...causes,
    { reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${ANNOTATIONS_LIMIT_BYTES} bytes` },
  ];
}

function ownerCauses(owners: unknown): StatusCause[] {
  if (owners === undefined) return [];
  const field = 'metadata.ownerReferences';
  if (!Array.isArray(owners)) return [typeInvalid(field, owners, 'array')];
  const causes = owners.flatMap((owner: unknown, index) => {
    const path = `${field}[${index}]`;
    if (!isRecord(owner)) return [typeInvalid(path, owner, 'object')];
    return ['apiVersion', 'kind', 'name', 'uid']
      .filter((name) => typeof owner[name] !== 'string' || owner[name] === '')
      .map((name) =>
        invalidValue(
          `${path}.${name}`,
          owner[name] ?? '',
          `${name === 'apiVersion' ? 'version' : name} must not be empty`,
        ),
      );
  });
  const controllers = owners.filter((owner: unknown) => isRecord(owner) && owner.controller === true);
  if (controllers.length < 2) return causes;
  return [...causes, invalidValue(field, owners, 'Only one reference can have Controller set to true')];
}

function finalizerCauses({ metadata }: ApiObject, old: ApiObject | undefined): StatusCause[] {
  const finalizers: unknown = metadata.finalizers;
  if (finalizers === undefined) return [];
  const field = 'metadata.finalizers';
  if (!Array.isArray(finalizers)) return [typeInvalid(field, finalizers, 'array')];
  const causes = finalizers.flatMap((finalizer: unknown) => {
    if (typeof finalizer !== 'string') return [typeInvalid(field, finalizer, 'string')];
    return invalidEach(field, finalizer, labelKeyProblems(finalizer));
  });
  if (old?.metadata.deletionTimestamp === undefined) return causes;
  const added = finalizers.filter((finalizer) => !(old.metadata.finalizers ?? []).includes(finalizer));
  if (added.length === 0) return causes;
  const names = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  return [...causes, { reason: 'FieldValueForbidden', field, message }];
}

function invalidEach(field: string, value: string, problems: readonly string[]): StatusCause[] {
  return problems.map((problem) => invalidValue(field, value, problem));
}

function invalidValue(field: string, value: unknown, why: string): StatusCause {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}

function typeInvalid(field: string, value: unknown, expected: string): StatusCause {
  return {
    reason: 'FieldValueTypeInvalid',
    field,
    message: `Invalid value: ${JSON.stringify(value)}: must be of type ${expected}`,
  };
}
