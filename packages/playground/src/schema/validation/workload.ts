import type { Causes } from '../causes.js';
import { isObject, type JsonObject, type JsonValue, jsonEqual, numberAt, objectAt, stringAt } from '../json.js';
import { isEmptySelector, selects, validateLabelSelector, validateLabels } from './label-selector.js';
import { validatePodSpec } from './pod-spec.js';

/** As k8s.io/kubernetes, pkg/apis/apps/validation. */
export function validateDeployment(causes: Causes, deployment: JsonObject, old: JsonObject | undefined): void {
  const spec = objectAt(deployment, 'spec');
  validateReplicas(causes, spec, old);
  validateStrategy(causes, objectAt(spec, 'strategy'));
  for (const key of ['revisionHistoryLimit', 'progressDeadlineSeconds']) validateNotNegative(causes, spec, key);
  const deadline = numberAt(spec, 'progressDeadlineSeconds');
  if (deadline !== undefined && deadline <= (numberAt(spec, 'minReadySeconds') ?? 0)) {
    causes.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
  }
}

export function validateReplicaSet(causes: Causes, replicaSet: JsonObject, old: JsonObject | undefined): void {
  validateReplicas(causes, objectAt(replicaSet, 'spec'), old);
}

/** What Deployments and ReplicaSets share. */
function validateReplicas(causes: Causes, spec: JsonObject, old: JsonObject | undefined): void {
  for (const key of ['replicas', 'minReadySeconds']) validateNotNegative(causes, spec, key);
  if (!isObject(spec.selector)) causes.required('spec.selector');
  else {
    validateLabelSelector(causes, 'spec.selector', spec.selector);
    // The words of the real server, for ReplicaSets too.
    if (isEmptySelector(spec.selector)) {
      causes.invalid('spec.selector', spec.selector, 'empty selector is invalid for deployment');
    }
    const before = objectAt(old, 'spec').selector;
    if (before !== undefined && !jsonEqual(before, spec.selector)) {
      causes.invalid('spec.selector', spec.selector, 'field is immutable');
    }
  }
  validateTemplate(causes, spec);
}

function validateTemplate(causes: Causes, spec: JsonObject): void {
  const template = objectAt(spec, 'template');
  const metadata = objectAt(template, 'metadata');
  const labels = objectAt(metadata, 'labels');
  const field = 'spec.template.metadata.labels';
  if (isObject(spec.selector) && !isEmptySelector(spec.selector) && !selects(spec.selector, labels)) {
    causes.invalid(field, labels, '`selector` does not match template `labels`');
  }
  validateLabels(causes, field, labels);
  validatePodSpec(causes, 'spec.template.spec', objectAt(template, 'spec'), ['Always']);
}

function validateNotNegative(causes: Causes, spec: JsonObject, key: string): void {
  const value = numberAt(spec, key);
  if (value !== undefined && value < 0) causes.invalid(`spec.${key}`, value, 'must be greater than or equal to 0');
}

function validateStrategy(causes: Causes, strategy: JsonObject): void {
  const type = stringAt(strategy, 'type') ?? '';
  const rolling = strategy.rollingUpdate;
  if (type === 'Recreate') {
    if (rolling === undefined) return;
    causes.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
  } else if (type !== 'RollingUpdate') {
    causes.notSupported('spec.strategy.type', type, ['Recreate', 'RollingUpdate']);
  } else if (isObject(rolling)) {
    validateRollingUpdate(causes, 'spec.strategy.rollingUpdate', rolling);
  }
}

function validateRollingUpdate(causes: Causes, field: string, rolling: JsonObject): void {
  for (const key of ['maxUnavailable', 'maxSurge']) validateShare(causes, `${field}.${key}`, rolling[key]);
  if (isNone(rolling.maxUnavailable) && isNone(rolling.maxSurge)) {
    causes.invalid(`${field}.maxUnavailable`, rolling.maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0');
  }
  const percent = /^(\d+)%$/.exec(String(rolling.maxUnavailable))?.[1];
  if (percent !== undefined && Number(percent) > 100) {
    causes.invalid(`${field}.maxUnavailable`, rolling.maxUnavailable, 'must not be greater than 100%');
  }
}

function validateShare(causes: Causes, field: string, value: JsonValue | undefined): void {
  if (typeof value === 'number' && value < 0) causes.invalid(field, value, 'must be greater than or equal to 0');
  if (typeof value === 'string' && !/^[0-9]+%$/.test(value)) {
    const text =
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
    causes.invalid(field, value, text);
  }
}

function isNone(value: JsonValue | undefined): boolean {
  return value === undefined || value === 0 || value === '0%';
}
