import { configKeyProblems } from '../../name-rules.js';
import type { Causes } from '../causes.js';
import { type JsonObject, jsonEqual, objectAt, stringAt } from '../json.js';

const SIZE_LIMIT_BYTES = 1024 * 1024;

/** The keys that a Secret of a type must have. */
const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** As k8s.io/kubernetes, pkg/apis/core/validation, ValidateSecret. No value of a Secret is ever told. */
export function validateSecret(causes: Causes, secret: JsonObject, old: JsonObject | undefined): void {
  const data = objectAt(secret, 'data');
  const type = stringAt(secret, 'type') ?? '';
  if (old !== undefined && stringAt(old, 'type') !== type) causes.invalid('type', type, 'field is immutable');
  validateImmutable(causes, secret, old, ['data']);
  validateKeys(causes, 'data', data);
  if (sizeOf(Object.values(data).map((value) => Buffer.from(String(value), 'base64'))) > SIZE_LIMIT_BYTES) {
    causes.tooLong('data', SIZE_LIMIT_BYTES);
  }
  for (const key of REQUIRED_KEYS[type] ?? []) {
    if (data[key] === undefined) causes.required(`data[${key}]`);
  }
}

export function validateConfigMap(causes: Causes, configMap: JsonObject, old: JsonObject | undefined): void {
  const data = objectAt(configMap, 'data');
  const binaryData = objectAt(configMap, 'binaryData');
  validateImmutable(causes, configMap, old, ['data', 'binaryData']);
  validateKeys(causes, 'data', data);
  validateKeys(causes, 'binaryData', binaryData);
  for (const key of Object.keys(data).filter((name) => name in binaryData)) {
    causes.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
  }
  const texts = Object.values(data).map((value) => Buffer.from(String(value)));
  const blobs = Object.values(binaryData).map((value) => Buffer.from(String(value), 'base64'));
  if (sizeOf([...texts, ...blobs]) > SIZE_LIMIT_BYTES) causes.tooLong('', SIZE_LIMIT_BYTES);
}

function validateKeys(causes: Causes, field: string, data: JsonObject): void {
  for (const key of Object.keys(data)) causes.invalidEach(`${field}[${key}]`, key, configKeyProblems(key));
}

function validateImmutable(
  causes: Causes,
  object: JsonObject,
  old: JsonObject | undefined,
  fields: readonly string[],
): void {
  if (old?.immutable !== true) return;
  const text = 'field is immutable when `immutable` is set';
  if (object.immutable !== true) causes.forbidden('immutable', text);
  for (const field of fields) {
    if (!jsonEqual(objectAt(object, field), objectAt(old, field))) causes.forbidden(field, text);
  }
}

function sizeOf(values: readonly Buffer[]): number {
  return values.reduce((total, value) => total + value.length, 0);
}
