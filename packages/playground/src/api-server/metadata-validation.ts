import { type ApiObject, isRecord } from './api-object.js';
import { nameFault } from './object-name.js';
import type { ResourceDefinition } from './resource-definition.js';
import type { StatusCause } from './types.js';

const QUALIFIED_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
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
  const fault = nameFault(definition, metadata.name);
  return fault === undefined ? [] : [invalidValue('metadata.name', metadata.name, fault)];
}

function labelCauses(labels: unknown): StatusCause[] {
  if (labels === undefined) return [];
  const field = 'metadata.labels';
  if (!isRecord(labels)) return [typeInvalid(field, labels, 'map[string]string')];
  return Object.entries(labels).flatMap(([key, value]) => {
    const keyFault = qualifiedNameFault(key);
    const causes = keyFault === undefined ? [] : [invalidValue(field, key, keyFault)];
    if (typeof value !== 'string') return [...causes, typeInvalid(`${field}.${key}`, value, 'string')];
    if (value.length > 63) return [...causes, invalidValue(field, value, 'must be no more than 63 bytes')];
    return LABEL_VALUE.test(value) ? causes : [...causes, invalidValue(field, value, LABEL_VALUE_TEXT)];
  });
}

function annotationCauses(annotations: unknown): StatusCause[] {
  if (annotations === undefined) return [];
  const field = 'metadata.annotations';
  if (!isRecord(annotations)) return [typeInvalid(field, annotations, 'map[string]string')];
  let bytes = 0;
  const causes = Object.entries(annotations).flatMap(([key, value]) => {
    const fault = qualifiedNameFault(key.toLowerCase());
    if (typeof value !== 'string') return [typeInvalid(`${field}.${key}`, value, 'string')];
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    return fault === undefined ? [] : [invalidValue(field, key, fault)];
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
    const fault = qualifiedNameFault(finalizer);
    return fault === undefined ? [] : [invalidValue(field, finalizer, fault)];
  });
  if (old?.metadata.deletionTimestamp === undefined) return causes;
  const added = finalizers.filter((finalizer) => !(old.metadata.finalizers ?? []).includes(finalizer));
  if (added.length === 0) return causes;
  const names = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`;
  return [...causes, { reason: 'FieldValueForbidden', field, message }];
}

function qualifiedNameFault(key: string): string | undefined {
  const parts = key.split('/');
  const [prefix, name] = parts.length === 2 ? parts : [undefined, key];
  if (prefix !== undefined && (prefix.length > 253 || !PREFIX.test(prefix))) return `prefix part ${SUBDOMAIN_TEXT}`;
  if (name === undefined || name === '') return 'name part must be non-empty';
  if (name.length > 63) return 'name part must be no more than 63 bytes';
  return QUALIFIED_NAME.test(name) ? undefined : `name part ${QUALIFIED_NAME_TEXT}`;
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

const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED_NAME_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com')";
