import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadControllerConfiguration } from '@kuryr-l7/controller';
import { TestCluster } from '../end-to-end/test-cluster.fixture.js';
import { type CodeBlock, codeBlocks, ROOT } from './markdown.fixture.js';

const title = ({ file, text }: CodeBlock) => `${file}: ${text.split('\n')[0]}`;
const titled = (blocks: readonly CodeBlock[]) => blocks.map((block) => [title(block), block] as const);

/** What an example does not say of the cloud: a reader has that already. */
const CLOUD = {
  OS_NEUTRON__AUTH_URL: 'https://keystone.example/v3',
  OS_NEUTRON__APPLICATION_CREDENTIAL_ID: 'kuryr',
  OS_NEUTRON__APPLICATION_CREDENTIAL_SECRET: 'secret',
};

let folder: string;

/** The name of a package that an example gives, e.g. `// file: memory-router.ts`. */
const nameOf = ({ text }: CodeBlock) => /^\/\/ file: (\S+)\.ts$/m.exec(text)?.[1];

/** Names that the examples of kuryr.conf give to packages of these programs. */
const IN_CONFIGURATION = new Map([
  ['memory-router', ['my-memory-driver']],
  ['namespace-projects', ['my-namespace-projects']],
]);

describe('the examples in the documentation', () => {
  const programs = codeBlocks('ts').filter((block) => nameOf(block) !== undefined);

  beforeAll(() => {
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    folder = mkdtempSync(join(ROOT, '.cache', 'examples-'));
    // As an author has it: TypeScript that is checked and compiled against the published packages.
    for (const block of programs) writeFileSync(join(folder, `${nameOf(block)}.ts`), block.text);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.base.json',
        compilerOptions: { composite: false, incremental: false, outDir: 'out', rootDir: '.' },
        include: ['*.ts'],
      }),
    );
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', join(folder, 'tsconfig.json')], {
      cwd: ROOT,
    });
    for (const block of programs) {
      const name = nameOf(block) ?? '';
      for (const packageName of [name, ...(IN_CONFIGURATION.get(name) ?? [])]) {
        const place = join(folder, 'node_modules', packageName);
        mkdirSync(place, { recursive: true });
        const target = join('..', '..', 'out', `${name}.js`);
        writeFileSync(
          join(place, 'package.json'),
          JSON.stringify({ name: packageName, type: 'module', exports: './index.js' }),
        );
        writeFileSync(join(place, 'index.js'), `export { default } from '${target}';\n`);
      }
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('hold whole programs for plugin authors', () => {
    expect(programs.map(nameOf).sort()).toEqual(['memory-router', 'namespace-greeter', 'namespace-projects']);
  });

  it.each(titled(codeBlocks('ini')))(
    '%s … is a kuryr.conf without a warning (LP 1777821, LP 1779133)',
    async (_title, { text }) => {
      const file = join(folder, 'kuryr.conf');
      writeFileSync(file, text);
      const { notices } = await loadControllerConfiguration({
        configFiles: [file],
        environment: CLOUD,
        pluginDirectory: folder,
      });
      expect(notices.filter(({ level }) => level === 'warning')).toEqual([]);
    },
  );

  it.each(titled(codeBlocks('yaml')))('%s … is accepted by the API and routed', async (_title, { text }) => {
    const manifests = mkdtempSync(join(tmpdir(), 'kuryr-l7-docs-'));
    const problems: string[] = [];
    try {
      writeFileSync(join(manifests, 'example.yaml'), text);
      const { startPlayground } = await import('@kuryr-l7/playground');
      const playground = await startPlayground({ manifests, onProblem: (problem) => problems.push(problem) });
      await playground.close();
    } finally {
      rmSync(manifests, { recursive: true });
    }
    expect(problems).toEqual([]);
  });

  it('run in a controller: the handler of the guide beside ours, on the driver of the guide', async () => {
    const cluster = await TestCluster.withoutController();
    try {
      await cluster.startController(
        {
          OS_KUBERNETES__ENABLED_HANDLERS: 'lb,ingresslb,namespace-greeter',
          OS_KUBERNETES__L7_ROUTER_DRIVER: 'my-memory-driver',
        },
        folder,
      );
      expect(cluster.controller.session?.pipelines.map(({ handler }) => handler.name)).toContain('namespace-greeter');
      expect((await cluster.controller.ready).description.id).toBe('memory');
    } finally {
      await cluster.stop();
    }
  });

  it('are found where a handler uses them: the driver of the guide, of several types', async () => {
    const { plugins } = await loadControllerConfiguration({
      defaultSearch: false,
      pluginDirectory: folder,
      environment: {
        OS_KUBERNETES__ENABLED_HANDLERS: 'lbaasspec',
        OS_KUBERNETES__SERVICE_PROJECT_DRIVER: 'my-namespace-projects',
        OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: '373bfd12-6dd3-4f79-8af2-0ba77dba89cb',
        ...CLOUD,
      },
    });
    expect(plugins.helpers.map(({ type, name }) => `${type}: ${name}`)).toEqual([
      'service-project-driver: namespace',
      'service-subnets-driver: default',
      'service-security-groups-driver: default',
    ]);
  });
});
