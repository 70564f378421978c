import { labelKeyProblems, labelValueProblems } from '../../name-rules.js';
import type { Causes } from '../causes.js';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from '../json.js';

/** Labels, or a selector that is a set of them. */
export function validateLabels(causes: Causes, field: string, labels: JsonObject): void {
  for (const [key, value] of Object.entries(labels)) {
    causes.invalidEach(field, key, labelKeyProblems(key));
    if (typeof value === 'string') causes.invalidEach(field, value, labelValueProblems(value));
  }
}

export function validateLabelSelector(causes: Causes, field: string, selector: JsonObject): void {
  if (isObject(selector.matchLabels)) validateLabels(causes, `${field}.matchLabels`, selector.matchLabels);
  objectsAt(selector, 'matchExpressions').forEach((requirement, index) => {
    validateRequirement(causes, `${field}.matchExpressions[${index}]`, requirement);
  });
}

function validateRequirement(causes: Causes, field: string, requirement: JsonObject): void {
  const operator = stringAt(requirement, 'operator') ?? '';
  const values = stringsAt(requirement, 'values');
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) {
      causes.required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    }
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      causes.forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    }
  } else causes.invalid(`${field}.operator`, operator, 'not a valid selector operator');
  const key = stringAt(requirement, 'key') ?? '';
  causes.invalidEach(`${field}.key`, key, labelKeyProblems(key));
  values.forEach((value, index) => {
    causes.invalidEach(`${field}.values[${index}]`, value, labelValueProblems(value));
  });
}

export function isEmptySelector(selector: JsonObject): boolean {
  return Object.keys(objectAt(selector, 'matchLabels')).length + objectsAt(selector, 'matchExpressions').length === 0;
}

/** Whether labels satisfy a selector; an empty one takes all. */
export function selects(selector: JsonObject, labels: JsonObject): boolean {
  const labelled = Object.entries(objectAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value);
  return labelled && objectsAt(selector, 'matchExpressions').every((requirement) => satisfies(requirement, labels));
}

function satisfies(requirement: JsonObject, labels: JsonObject): boolean {
  const value = labels[stringAt(requirement, 'key') ?? ''];
  const listed = typeof value === 'string' && stringsAt(requirement, 'values').includes(value);
  switch (requirement.operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}
