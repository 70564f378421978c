import { describe, expect, it } from '@jest/globals';
import { parseManifests } from './parse-manifests.js';

const parse = (...lines: readonly string[]) => {
  const { manifests, problems } = parseManifests('a.yaml', lines.join('\n'));
  return {
    found: manifests.map(({ line, object }) => `${line} ${object.kind} ${object.metadata.name}`),
    problems: problems.map(({ line, reason }) => `${line}: ${reason}`),
  };
};

const CONFIG_MAP = ['apiVersion: v1', 'kind: ConfigMap', 'metadata: {name: one}'];

describe('parseManifests', () => {
  it('reads several documents and knows where each begins', () => {
    expect(parse('# first', ...CONFIG_MAP, '---', '# nothing', '---', ...CONFIG_MAP).found).toEqual([
      '2 ConfigMap one',
      '8 ConfigMap one',
    ]);
  });

  it('reads the items of a list one by one', () => {
    const list = ['apiVersion: v1', 'kind: List', 'items:'];
    const items = [
      '- apiVersion: v1',
      '  kind: Secret',
      '  metadata: {name: a}',
      '- kind: Secret',
      '  metadata: {name: b}',
    ];
    const { found, problems } = parse(...list, ...items);
    expect(found).toEqual(['4 Secret a']);
    expect(problems).toEqual(['7: apiVersion: required, e.g. networking.k8s.io/v1']);
  });

  it('reads JSON, indented with tabs too', () => {
    expect(parse('{', '\t"apiVersion": "v1", "kind": "ConfigMap",', '\t"metadata": {"name": "j"}', '}').found).toEqual([
      '1 ConfigMap j',
    ]);
  });

  it('tells the line of what is no YAML, and reads the rest', () => {
    const { found, problems } = parse(...CONFIG_MAP, '---', 'kind: Secret', ' apiVersion: v1', '---', ...CONFIG_MAP);
    expect(found).toEqual(['1 ConfigMap one', '8 ConfigMap one']);
    expect(problems).toEqual([expect.stringMatching(/^[56]: /)]);
  });

  it.each([
    ['a text', '1: a manifest is a mapping with apiVersion, kind and metadata'],
    ['{apiVersion: v1}', '1: kind: required, e.g. Ingress'],
    ['{apiVersion: v1, kind: Pod}', '1: metadata: required, with the name of the object'],
    ['{apiVersion: v1, kind: Pod, metadata: {generateName: a}}', expect.stringContaining('metadata.name: required')],
    ['{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: 7}}', '1: metadata.namespace: must be a string'],
    ['a: *nowhere', expect.stringContaining('Unresolved alias')],
    ['a: 1\na: 2', expect.stringContaining('Map keys must be unique')],
  ])('refuses %s', (text, problem) => {
    expect(parse(text)).toEqual({ found: [], problems: [problem] });
  });

  it.each([
    ['extensions/v1beta1', 'Ingress', 'networking.k8s.io/v1'],
    ['networking.k8s.io/v1beta1', 'Ingress', 'backend.service.name'],
    ['extensions/v1beta1', 'Deployment', 'apps/v1'],
    ['rbac.authorization.k8s.io/v1beta1', 'ClusterRole', 'rbac.authorization.k8s.io/v1'],
  ])('says what to write instead of %s %s', (apiVersion, kind, remedy) => {
    const { problems } = parse(`apiVersion: ${apiVersion}`, `kind: ${kind}`, 'metadata: {name: old}');
    expect(problems).toEqual([expect.stringContaining(`${kind} in ${apiVersion} is served no more`)]);
    expect(problems[0]).toContain(remedy);
  });
});
