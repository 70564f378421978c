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

const message = async (handlers: readonly string[], driver = 'local') =>
  loadPlugins(handlers, driver, folder).then(
    () => 'loaded',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
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
    expect(driver.name).toBe('local');
  });

  it('are anybody’s by the names of their npm packages', async () => {
    const { handlers, driver } = await loadPlugins(['lb', 'their-handler'], '@their/driver', folder);
    expect(handlers.map(({ name }) => name)).toEqual(['lb', 'theirs']);
    expect(driver.name).toBe('theirs');
  });

  it.each([
    [
      'an unknown handler',
      ['ingress'],
      'local',
      /ERR_CONFIGURATION: \[kubernetes\] enabled_handlers: there is no 'ingress' \(known here: ingresslb, lb;/,
    ],
    [
      'a handler of Kuryr that is not here',
      ['vif'],
      'local',
      /there is no 'vif', one of Kuryr's handlers that this release/,
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
  ])('stop the start with a reason: %s', async (_name, handlers, driver, reason) => {
    expect(await message(handlers, driver)).toMatch(reason);
  });
});
