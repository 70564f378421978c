import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadPlugins } from './load-plugins.js';

let folder: string;

/** An installed npm package whose default export is the given expression. */
function installPackage(name: string, defaultExport: string): void {
  const place = join(folder, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }),
  );
  writeFileSync(join(place, 'index.js'), `export default ${defaultExport};\n`);
}

/** Loads what a kuryr.conf with these names would; what plugins use is what they say themselves. */
const load = (handlers: readonly string[], router = 'local', drivers: Readonly<Record<string, string>> = {}) =>
  loadPlugins(
    {
      handlers,
      driver: (type) => (type === 'l7-router-driver' ? router : (drivers[type] ?? 'default')),
      uses: ({ uses = [] }) => (typeof uses === 'function' ? [] : uses),
    },
    folder,
  );

const problems = async (...names: Parameters<typeof load>) =>
  (await load(...names)).problems.map(({ option, reason }) => `[${option.group}] ${option.name}: ${reason}`);

describe('the plugins that kuryr.conf names', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-plugins-'));
    installPackage('their-handler', "{ type: 'handler', name: 'theirs', pluginApi: 1, handler: class {} }");
    installPackage('@their/driver', "{ type: 'l7-router-driver', name: 'theirs', pluginApi: 1, driver: class {} }");
    installPackage('of-the-future', "{ type: 'handler', name: 'future', pluginApi: 7, handler: class {} }");
    installPackage('no-plugin', '42');
    installPackage(
      'uses-magic',
      "{ type: 'handler', name: 'x', pluginApi: 1, uses: ['wand-driver'], handler: class {} }",
    );
    installPackage('no-class', "{ type: 'handler', name: 'x', pluginApi: 1 }");
    installPackage(
      'their-pods',
      "{ type: 'handler', name: 'pods', pluginApi: 1, uses: ['pod-project-driver', 'vif-pool-driver'], handler: class {} }",
    );
    installPackage(
      'their-drivers',
      `[
        { type: 'vif-pool-driver', name: 'pool', pluginApi: 1, uses: ['pod-vif-driver', 'pod-project-driver'], driver: class {} },
        { type: 'pod-vif-driver', name: 'vif', pluginApi: 1, driver: class {} },
        { type: 'pod-project-driver', name: 'project', pluginApi: 1, driver: class {} },
      ]`,
    );
    installPackage('broken', '(() => { throw new Error("it fell over"); })()');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are ours by their short names, each once and in the order given', async () => {
    const { handlers, driver } = await load(['ingresslb', 'lb', 'ingresslb']);
    expect(handlers.map(({ name }) => name)).toEqual(['ingresslb', 'lb']);
    expect(driver?.name).toBe('local');
  });

  it('are anybody’s by the names of their npm packages', async () => {
    const { handlers, driver } = await load(['lb', 'their-handler'], '@their/driver');
    expect(handlers.map(({ name }) => name)).toEqual(['lb', 'theirs']);
    expect(driver?.name).toBe('theirs');
  });

  const theirs = {
    'pod-project-driver': 'their-drivers',
    'vif-pool-driver': 'their-drivers',
    'pod-vif-driver': 'their-drivers',
  };

  it('have the drivers that they use, and those that these use, each once and of one package or of several', async () => {
    const { helpers, problems: none } = await load(['their-pods'], 'local', theirs);
    expect(helpers.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'pod-project-driver project',
      'vif-pool-driver pool',
      'pod-vif-driver vif',
    ]);
    expect(none).toEqual([]);
  });

  it('need no driver that nothing uses: what its option says is not looked at', async () => {
    const { helpers, problems: none } = await load(['lb'], 'local', { 'vif-pool-driver': 'nowhere' });
    expect([...helpers, ...none]).toEqual([]);
  });

  it('are told of with the option that names them', async () => {
    expect(await problems(['their-pods'], 'local', { ...theirs, 'pod-vif-driver': 'nowhere' })).toEqual([
      expect.stringMatching(/^\[kubernetes\] pod_vif_driver: there is no 'nowhere' /),
    ]);
    expect(await problems(['their-pods'], 'local', { ...theirs, 'pod-vif-driver': '@their/driver' })).toEqual([
      "[kubernetes] pod_vif_driver: '@their/driver' is a l7-router-driver, not a pod-vif-driver",
    ]);
  });

  it.each([
    [
      'an unknown handler',
      ['ingress'],
      'local',
      /^\[kubernetes\] enabled_handlers: there is no 'ingress' \(known here: ingresslb, lb, lbaasspec, vif;/,
    ],
    [
      'a handler of Kuryr that is not here',
      ['policy'],
      'local',
      /this release does not have 'policy' of Kuryr's handlers; write enabled_handlers = lb,ingresslb$/,
    ],
    [
      'an unknown driver',
      ['lb'],
      'octavio',
      /\[kubernetes\] l7_router_driver: there is no 'octavio' \(known here: local, octavia;/,
    ],
    [
      'a driver among the handlers',
      ['@their/driver'],
      'local',
      /'@their\/driver' is a l7-router-driver, not a handler/,
    ],
    ['a handler as driver', ['lb'], 'their-handler', /'their-handler' is a handler, not a l7-router-driver/],
    ['a package that is no plugin', ['no-plugin'], 'local', /'no-plugin' is not a plugin/],
    ['a plugin that needs what is not here', ['uses-magic'], 'local', /uses a wand-driver, which .* does not know/],
    ['a plugin without its class', ['no-class'], 'local', /lacks its name or its class/],
    [
      'a plugin for another version of the interface',
      ['of-the-future'],
      'local',
      /plugin API 7; this controller offers 1/,
    ],
    ['a package that fails', ['broken'], 'local', /'broken' can't be loaded: it fell over/],
    [
      'a comment behind a name',
      ['ingresslb   # all'],
      'local',
      /'ingresslb {3}# all' can't be .* no comments behind a value/,
    ],
    [
      'a comment behind the driver',
      ['lb'],
      'local ; ours',
      /l7_router_driver: 'local ; ours' .* no comments behind a value/,
    ],
    ['spaces for commas', ['lb ingresslb'], 'local', /'lb ingresslb' can't be .*; names are separated by commas/],
    ['an empty name', ['lb', ''], 'local', /'' can't be the name of a plugin or of an npm package; it is empty/],
  ])('stop the start with a reason: %s', async (_name, handlers, driver, reason) => {
    expect(await problems(handlers, driver)).toEqual([expect.stringMatching(reason)]);
  });

  it('are all told of at once, and what to write instead', async () => {
    expect(
      await problems(
        ['namespace', 'their-handler', 'policy', 'ingres', 'broken', 'no-plugin', 'lb # all', 'nope'],
        'octavio',
      ),
    ).toEqual([
      "[kubernetes] enabled_handlers: 'lb # all' can't be the name of a plugin or of an npm package; there are no comments behind a value: give the comment a line of its own",
      "[kubernetes] enabled_handlers: this release does not have 'namespace', 'policy' of Kuryr's handlers; write enabled_handlers = their-handler,lb,ingresslb",
      expect.stringMatching(
        /enabled_handlers: there is no 'ingres', 'nope' \(known here: ingresslb, lb, lbaasspec, vif;/,
      ),
      expect.stringContaining("package 'broken' can't be loaded"),
      expect.stringContaining("'no-plugin' is not a plugin"),
      expect.stringMatching(/l7_router_driver: there is no 'octavio' /),
    ]);
  });
});
