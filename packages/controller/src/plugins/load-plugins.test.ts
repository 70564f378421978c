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

const problems = async (handlers: readonly string[], driver = 'local') =>
  (await loadPlugins(handlers, driver, folder)).problems.map(
    ({ option, reason }) => `[${option.group}] ${option.name}: ${reason}`,
  );

describe('the plugins that kuryr.conf names', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-plugins-'));
    installPackage('their-handler', "{ type: 'handler', name: 'theirs', pluginApi: 1, handler: class {} }");
    installPackage('@their/driver', "{ type: 'l7-router-driver', name: 'theirs', pluginApi: 1, driver: class {} }");
    installPackage('of-the-future', "{ type: 'handler', name: 'future', pluginApi: 7, handler: class {} }");
    installPackage('no-plugin', '42');
    installPackage('no-class', "{ type: 'handler', name: 'x', pluginApi: 1 }");
    installPackage('broken', '(() => { throw new Error("it fell over"); })()');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are ours by their short names, each once and in the order given', async () => {
    const { handlers, driver } = await loadPlugins(['ingresslb', 'lb', 'ingresslb'], 'local', folder);
    expect(handlers.map(({ name }) => name)).toEqual(['ingresslb', 'lb']);
    expect(driver?.name).toBe('local');
  });

  it('are anybody’s by the names of their npm packages', async () => {
    const { handlers, driver } = await loadPlugins(['lb', 'their-handler'], '@their/driver', folder);
    expect(handlers.map(({ name }) => name)).toEqual(['lb', 'theirs']);
    expect(driver?.name).toBe('theirs');
  });

  it.each([
    [
      'an unknown handler',
      ['ingress'],
      'local',
      /^\[kubernetes\] enabled_handlers: there is no 'ingress' \(known here: ingresslb, lb;/,
    ],
    [
      'a handler of Kuryr that is not here',
      ['vif'],
      'local',
      /this release does not have 'vif' of Kuryr's handlers; write enabled_handlers = lb,ingresslb$/,
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
        ['vif', 'their-handler', 'lbaasspec', 'ingres', 'broken', 'no-plugin', 'lb # all', 'nope'],
        'octavio',
      ),
    ).toEqual([
      "[kubernetes] enabled_handlers: 'lb # all' can't be the name of a plugin or of an npm package; there are no comments behind a value: give the comment a line of its own",
      "[kubernetes] enabled_handlers: this release does not have 'vif', 'lbaasspec' of Kuryr's handlers; write enabled_handlers = their-handler,lb,ingresslb",
      expect.stringMatching(/enabled_handlers: there is no 'ingres', 'nope' \(known here: ingresslb, lb;/),
      expect.stringContaining("package 'broken' can't be loaded"),
      expect.stringContaining("'no-plugin' is not a plugin"),
      expect.stringMatching(/l7_router_driver: there is no 'octavio' /),
    ]);
  });
});
