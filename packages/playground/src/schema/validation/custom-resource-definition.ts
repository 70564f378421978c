import { dns1035LabelProblems, dnsSubdomainProblems } from '../../name-rules.js';
import type { Causes } from '../causes.js';
import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from '../json.js';

/** The main rules of k8s.io/apiextensions-apiserver, pkg/apis/apiextensions/validation. */
export function validateCustomResourceDefinition(causes: Causes, crd: JsonObject, old: JsonObject | undefined): void {
  const spec = objectAt(crd, 'spec');
  const names = objectAt(spec, 'names');
  const group = stringAt(spec, 'group') ?? '';
  const plural = stringAt(names, 'plural') ?? '';
  const name = stringAt(objectAt(crd, 'metadata'), 'name') ?? '';
  if (name !== `${plural}.${group}`) {
    causes.invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group');
  }
  if (group === '') causes.required('spec.group');
  else {
    causes.invalidEach('spec.group', group, dnsSubdomainProblems(group));
    if (!group.includes('.')) causes.invalid('spec.group', group, 'should be a domain with at least one dot');
  }
  validateNames(causes, names);
  const scope = stringAt(spec, 'scope') ?? '';
  if (scope === '') causes.required('spec.scope');
  else if (!['Cluster', 'Namespaced'].includes(scope))
    causes.notSupported('spec.scope', scope, ['Cluster', 'Namespaced']);
  if (old !== undefined) validateUnchanged(causes, spec, objectAt(old, 'spec'));
  validateVersions(causes, objectsAt(spec, 'versions'));
}

function validateNames(causes: Causes, names: JsonObject): void {
  for (const key of ['plural', 'singular', 'kind', 'listKind']) {
    const field = `spec.names.${key}`;
    const value = stringAt(names, key) ?? '';
    if (value !== '') causes.invalidEach(field, value, dns1035LabelProblems(value.toLowerCase()));
    else if (key !== 'singular') causes.required(field);
  }
}

function validateUnchanged(causes: Causes, spec: JsonObject, old: JsonObject): void {
  for (const key of ['group', 'scope']) {
    if (spec[key] !== old[key]) causes.invalid(`spec.${key}`, spec[key], 'field is immutable');
  }
}

function validateVersions(causes: Causes, versions: readonly JsonObject[]): void {
  if (versions.filter((version) => version.storage === true).length !== 1) {
    causes.invalid('spec.versions', versions, 'must have exactly one version marked as storage version');
  }
  const names = new Set<string>();
  versions.forEach((version, index) => {
    const field = `spec.versions[${index}]`;
    const name = stringAt(version, 'name') ?? '';
    causes.invalidEach(`${field}.name`, name, dns1035LabelProblems(name));
    if (names.has(name)) causes.duplicate(`${field}.name`, name);
    names.add(name);
    const schema = objectAt(version, 'schema').openAPIV3Schema;
    if (!isObject(schema)) causes.required(`${field}.schema.openAPIV3Schema`, 'schemas are required');
    else if (schema.type !== 'object') {
      causes.invalid(`${field}.schema.openAPIV3Schema.type`, schema.type ?? '', 'must be object at the root');
    }
  });
}
