import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as configuration from '@kuryr-l7/config';
import { ANNOTATION_TABLE } from '@kuryr-l7/service-load-balancer';
import { documents, ROOT, read } from './markdown.fixture.js';

const OCCM = 'loadbalancer.openstack.org/';

/** Options about the connection to the cluster, which `kuryr-l7 sample-config` alone tells. */
const OF_CLUSTER = /^(?:controller_|watch_|ssl_client_|use_events$)/;

/** Sources that are not tests. */
const sources = ['packages', 'handlers', 'drivers'].flatMap((top) =>
  readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\/src\/.*\.ts$/.test(name) && !/node_modules|\/dist\/|\.(test|fixture)\.ts$/.test(name))
    .map((name) => readFileSync(join(ROOT, top, name), 'utf8')),
);

describe('the documentation', () => {
  it('lists every error code', () => {
    const codes = new Set(
      sources.flatMap((text) => [...text.matchAll(/code(?:: [^=]*)? = '(ERR_[A-Z_]+)'/g)].map(([, code]) => code)),
    );
    const documented = read('docs/errors.md');
    expect([...codes].filter((code) => !documented.includes(`\`${code}\``))).toEqual([]);
    expect(codes.size).toBeGreaterThan(10);
  });

  it('lists every reason that an Ingress can be told', () => {
    const reasons = [
      ...readFileSync(join(ROOT, 'packages/router/src/problem.ts'), 'utf8').matchAll(/^ {2}\| '(\w+)'/gm),
    ];
    const documented = read('docs/errors.md');
    expect(reasons.map(([, reason]) => reason).filter((reason) => !documented.includes(`\`${reason}\``))).toEqual([]);
    expect(reasons.length).toBeGreaterThan(5);
  });

  it('lists every reason that a Service can be told, and what becomes of every annotation', () => {
    const text = readFileSync(join(ROOT, 'packages/service-load-balancer/src/problem.ts'), 'utf8');
    const reasons = [...text.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, reason]) => reason);
    const documented = read('docs/services.md');
    expect(reasons.filter((reason) => !documented.includes(`\`${reason}\``))).toEqual([]);
    expect(reasons.length).toBeGreaterThan(5);
    const rows = ANNOTATION_TABLE.map(({ name, support, note }) =>
      name.startsWith(OCCM) ? `| \`${name.slice(OCCM.length)}\` | ${support} | ${note} |` : name,
    );
    expect(rows.filter((row) => !documented.includes(row))).toEqual([]);
  });

  it('names every option of Services and Pods, and every kind of driver', () => {
    const isOption = (value: unknown): value is configuration.Option =>
      typeof value === 'object' && value !== null && 'group' in value && value.group === 'neutron_defaults';
    const literal = /^ {2}group: '(?:kubernetes|octavia_defaults|vif_pool|pod_vif_nested)',\n {2}name: '(\w+)',$/gm;
    const { DRIVER_NAME_OPTIONS } = configuration;
    const exported: readonly unknown[] = Object.values(configuration);
    const names = new Set([
      ...[...DRIVER_NAME_OPTIONS, ...exported.filter(isOption)].map(({ name }) => name),
      ...sources.flatMap((text) => [...text.matchAll(literal)].map(([, name = '']) => name)),
    ]);
    const pages = ['configure', 'services', 'pods', 'octavia', 'ingress', 'operate'].map((page) =>
      read(`docs/${page}.md`),
    );
    const missing = [...names].filter((name) => !pages.some((page) => new RegExp(`\\b${name}\\b`).test(page)));
    expect(missing.filter((name) => !OF_CLUSTER.test(name))).toEqual([]);
    expect(names.size).toBeGreaterThan(30);
    const drivers = read('docs/write-a-driver.md');
    expect(DRIVER_NAME_OPTIONS.filter(({ name }) => !drivers.includes(`\`${name}\``))).toEqual([]);
  });

  it('names tests for what Kuryr did wrong that are there', () => {
    const rows = read('docs/decisions/0006-kuryrs-bugs.md')
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.includes('.ts'));
    const missing = rows.flatMap((row) => {
      const text = [...row.matchAll(/[\w./-]+\.ts/g)]
        .map(([file]) => readFileSync(join(ROOT, file), 'utf8'))
        .join('\n');
      const names = [...row.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
      const numbers = row.match(/LP \d+/g) ?? [];
      return names.length === 0 ? [row] : [...names, ...numbers].filter((name) => !text.includes(name));
    });
    expect(missing).toEqual([]);
    expect(rows.length).toBeGreaterThan(40);
  });

  it.each(documents())('%s links only to what is there', (file) => {
    const links = [...read(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(ROOT, dirname(file), link)));
    expect(broken).toEqual([]);
  });
});
