import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadControllerConfiguration } from '../configuration/controller-configuration.js';

const ROUTER = '99f580e6-d894-442a-bc5f-4d14b41e10d2';

const CLOUD = {
  OS_NEUTRON__AUTH_URL: 'https://keystone.example/v3',
  OS_NEUTRON__APPLICATION_CREDENTIAL_ID: 'kuryr',
  OS_NEUTRON__APPLICATION_CREDENTIAL_SECRET: 'secret',
  OS_NEUTRON_DEFAULTS__SERVICE_SUBNET: '373bfd12-6dd3-4f79-8af2-0ba77dba89cb',
};

let folder: string;

/** Name of the driver of the router that a kuryr.conf with these lines comes to. */
async function driverOf(kubernetes: string, ingress = ''): Promise<string> {
  const file = join(folder, 'kuryr.conf');
  writeFileSync(file, `[kubernetes]\nl7_router_driver = octavia\n${kubernetes}\n[ingress]\n${ingress}\n`);
  const { plugins } = await loadControllerConfiguration({
    configFiles: [file],
    environment: CLOUD,
    pluginDirectory: folder,
  });
  return plugins.driver.name;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-no-router-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('l7_router_uuid', () => {
  it.each([
    ['enable_ingress is False', 'enable_ingress = False'],
    ['no handler that is enabled routes', 'enabled_handlers = lb,lbaasspec'],
  ])('is not asked for where %s: Services alone need no router', async (_name, lines) => {
    expect(await driverOf(lines)).toBe('none');
  });

  it('is asked for where Ingresses are routed', async () => {
    await expect(driverOf('')).rejects.toThrow(/\[ingress\] l7_router_uuid is not set/);
  });

  it('is asked for where another’s handler is enabled, which may route', async () => {
    const place = join(folder, 'node_modules', 'their-routes');
    mkdirSync(place, { recursive: true });
    const manifest = { name: 'their-routes', version: '1.0.0', type: 'module', exports: './index.js' };
    writeFileSync(join(place, 'package.json'), JSON.stringify(manifest));
    const plugin = "{ type: 'handler', name: 'their-routes', pluginApi: 1, handler: class {} }";
    writeFileSync(join(place, 'index.js'), `export default ${plugin};\n`);
    const handlers = 'enabled_handlers = lb,their-routes\nenable_ingress = False';
    await expect(driverOf(handlers)).rejects.toThrow(/\[ingress\] l7_router_uuid is not set/);
  });

  it('is heeded where it is set: what was routed there once is taken off', async () => {
    expect(await driverOf('enable_ingress = False', `l7_router_uuid = ${ROUTER}`)).toBe('octavia');
  });
});
