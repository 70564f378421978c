import type { TableColumn } from '../../api-server/types.js';
import { type JsonObject, objectAt, objectsAt, stringAt } from '../json.js';
import { age } from './age.js';

/** A column and what it shows of an object. */
export interface Column extends TableColumn {
  readonly cell: (object: JsonObject, now: number) => unknown;
}

type Cell = Column['cell'];

export function text(name: string, description: string, cell: Cell): Column {
  return { name, type: 'string', format: '', description, priority: 0, cell };
}

export function count(name: string, description: string, cell: Cell): Column {
  return { name, type: 'integer', format: '', description, priority: 0, cell };
}

/** A column that only `-o wide` shows. */
export function wide(name: string, description: string, cell: Cell): Column {
  return { ...text(name, description, cell), priority: 1 };
}

export const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object, unique within its namespace.',
  priority: 0,
  cell: (object) => stringAt(objectAt(object, 'metadata'), 'name') ?? '',
};

export const AGE: Column = text('Age', 'Time since the object was created.', (object, now) =>
  age(stringAt(objectAt(object, 'metadata'), 'creationTimestamp'), now),
);

export const CONTAINERS: Column = wide('Containers', 'Names of the containers in the template.', (object) =>
  templateContainers(object, 'name'),
);

export const IMAGES: Column = wide('Images', 'Images of the containers in the template.', (object) =>
  templateContainers(object, 'image'),
);

function templateContainers(object: JsonObject, field: string): string {
  const pod = objectAt(objectAt(objectAt(object, 'spec'), 'template'), 'spec');
  return objectsAt(pod, 'containers')
    .map((container) => stringAt(container, field) ?? '')
    .join(',');
}

export const SELECTOR: Column = wide('Selector', 'Labels of the Pods that belong to the object.', (object) =>
  printSelector(objectAt(objectAt(object, 'spec'), 'selector')),
);

/** `app=x,tier=y`, or `<none>`. */
export function printLabels(labels: JsonObject): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

function printSelector(selector: JsonObject): string {
  const labels = Object.entries(objectAt(selector, 'matchLabels')).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = objectsAt(selector, 'matchExpressions').map(printRequirement);
  return [...labels.sort(), ...expressions].join(',') || '<none>';
}

function printRequirement(requirement: JsonObject): string {
  const key = stringAt(requirement, 'key') ?? '';
  const values = Array.isArray(requirement.values) ? requirement.values.join(',') : '';
  switch (requirement.operator) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}

/** The first `limit` items and how many more there are: `a,b,c + 2 more...`. */
export function printSome(items: readonly string[], limit = 3): string {
  const rest = items.length - limit;
  return rest > 0 ? `${items.slice(0, limit).join(',')} + ${rest} more...` : items.join(',');
}
