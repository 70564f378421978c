import { badRequest } from './api-error.js';
import { type ApiObject, isRecord } from './api-object.js';
import type { StorageName } from './resource-definition.js';

export type FieldSelector = (object: ApiObject) => boolean;

/** What can be selected besides `metadata.name` and `metadata.namespace`, by where the objects are kept; as in kube-apiserver. */
const SELECTABLE: Readonly<Record<StorageName, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'regarding.kind',
    'regarding.namespace',
    'regarding.name',
    'regarding.uid',
    'reason',
    'reportingComponent',
    'reportingController',
    'source',
    'type',
  ],
  'replicasets.apps': ['status.replicas'],
  replicationcontrollers: ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

/** Fields whose name in a selector is not their path in the stored object. */
const PATHS: Readonly<Record<StorageName, Readonly<Record<string, string>>>> = {
  events: {
    'regarding.kind': 'involvedObject.kind',
    'regarding.namespace': 'involvedObject.namespace',
    'regarding.name': 'involvedObject.name',
    'regarding.uid': 'involvedObject.uid',
    reportingController: 'reportingComponent',
    source: 'source.component',
  },
  'jobs.batch': { 'status.successful': 'status.succeeded' },
};

/**
 * `metadata.name=x,status.phase!=Running`, with `\` before a comma, an equals sign or a backslash that belongs to a value. Looks at stored
 * objects. Throws an ApiError (400) for a field that can't be selected.
 */
export function parseFieldSelector(text: string, storage: StorageName): FieldSelector {
  const terms = splitUnescaped(text).map((term) => parseTerm(term, storage));
  return (object) => terms.every((term) => term(object));
}

function parseTerm(term: string, storage: StorageName): FieldSelector {
  const match = /^((?:\\.|[^\\=!])*?)\s*(!=|==|=)(.*)$/s.exec(term);
  const [, field, operator, rawValue] = match ?? [];
  if (field === undefined || rawValue === undefined) {
    throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  }
  const name = field.trim();
  const selectable = ['metadata.name', 'metadata.namespace', ...(SELECTABLE[storage] ?? [])];
  if (!selectable.includes(name)) throw badRequest(`field label not supported: ${name}`);
  const path = (PATHS[storage]?.[name] ?? name).split('.');
  const value = rawValue.replace(/\\(.)/gs, '$1');
  return (object) => (textAt(object, path) === value) === (operator !== '!=');
}

function splitUnescaped(text: string): readonly string[] {
  return (text.match(/(?:\\.|[^\\,])+/gs) ?? []).filter((term) => term.trim() !== '');
}

/** The value as text; `''` when there is none, as in Go. */
function textAt(object: ApiObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const field of path) value = isRecord(value) ? value[field] : undefined;
  if (value === undefined || value === null) return BOOLEAN_FIELDS.has(path.join('.')) ? 'false' : '';
  return String(value);
}

const BOOLEAN_FIELDS: ReadonlySet<string> = new Set(['spec.unschedulable', 'spec.hostNetwork']);
