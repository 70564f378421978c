import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CORE_OPTIONS, loadConfiguration } from '@kuryr-l7/config';
import { connectAsConfigured } from './connect-as-configured.js';

let folder: string;

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const kubeconfig = () =>
  file(
    'kubeconfig',
    JSON.stringify({
      clusters: [{ name: 'lab', cluster: { server: 'http://127.0.0.1:8001' } }],
      users: [{ name: 'lab', user: {} }],
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
      'current-context': 'lab',
    }),
  );

const connect = (text: string, environment = {}) => {
  const configFiles = [file('kuryr.conf', text)];
  return connectAsConfigured(loadConfiguration({ options: CORE_OPTIONS, configFiles, environment }).configuration);
};

describe('the connection to the API server', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-connect-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is that of the kubeconfig of kuryr.conf', async () => {
    const { server } = await connect(`[kubernetes]\nkubeconfig = ${kubeconfig()}\n`);
    expect(server.href).toBe('http://127.0.0.1:8001/');
  });

  it('names file, line and option of a kubeconfig that is not there', async () => {
    await expect(connect(`[kubernetes]\nkubeconfig = ${folder}/none\n`)).rejects.toMatchObject({
      code: 'ERR_KUBERNETES_CONFIGURATION',
      message: expect.stringMatching(
        /kuryr\.conf:2: \[kubernetes\] kubeconfig: kubeconfig \S+none can't be read: ENOENT/,
      ),
    });
  });

  it('names the line of a context that is not in it, and the contexts that are', async () => {
    await expect(
      connect(`[kubernetes]\nkubeconfig = ${kubeconfig()}\nkubeconfig_context = prod\n`),
    ).rejects.toHaveProperty(
      'message',
      expect.stringMatching(/kuryr\.conf:3: \[kubernetes\] kubeconfig_context: .*no such context.*contexts: lab/),
    );
  });

  it('names the variable where the environment says it', async () => {
    const environment = { OS_KUBERNETES__KUBECONFIG: join(folder, 'none') };
    await expect(connect('', environment)).rejects.toHaveProperty(
      'message',
      expect.stringMatching(/^environment OS_KUBERNETES__KUBECONFIG: \[kubernetes\] kubeconfig: /),
    );
  });
});
