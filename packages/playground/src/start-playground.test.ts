import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ENDPOINT_SLICES, type EndpointSlice } from './cluster/kinds/endpoints.js';
import { until } from './embedded-cluster.fixture.js';
import type { EchoAnswer } from './node/echo.js';
import type { PlaygroundOptions } from './playground.js';
import { PlaygroundError } from './playground-error.js';
import { clusterText, readyFileText, readyText } from './ready-text.js';
import { startPlayground } from './start-playground.js';

describe('startPlayground', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playground-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('serves the samples: two Deployments of three Pods behind one Ingress, and three cheeses', async () => {
    const problems: string[] = [];
    const playground = await startPlayground({
      kubeconfigFile: join(folder, 'kubeconfig'),
      onProblem: (problem) => problems.push(problem),
    });
    try {
      const ingresses = { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses' };
      const names = playground.client.list(ingresses).items.map(({ metadata }) => metadata.name);
      expect(names).toEqual(['cheddar', 'ingress-test', 'stilton', 'wensleydale']);
      const services = playground.client.list({ group: '', version: 'v1', plural: 'services' }).items;
      expect(services.find(({ metadata }) => metadata.name === 'deploy2')?.spec).toMatchObject({ type: 'NodePort' });
      const slices = await until(playground.client, ENDPOINT_SLICES, ([slice]) => slice?.endpoints?.length === 3, {
        namespace: 'default',
        labelSelector: 'kubernetes.io/service-name=deploy2',
      });
      const [{ endpoints = [], ports = [] }] = slices as readonly [EndpointSlice];
      const pods = await Promise.all(
        endpoints.map(async ({ addresses }) => {
          const answer = await fetch(`http://${addresses[0]}:${ports[0]?.port}/`);
          return ((await answer.json()) as EchoAnswer).pod;
        }),
      );
      expect(new Set(pods).size).toBe(3);
      for (const pod of pods) expect(pod).toMatch(/^deploy2-[a-z0-9]+-[a-z0-9]{5}$/);
    } finally {
      await playground.close();
    }
    expect(problems).toEqual([]);
  });

  it('writes a kubeconfig for its owner alone, and leaves nothing behind', async () => {
    const kubeconfigFile = join(folder, 'kubeconfig');
    const playground = await startPlayground({ kubeconfigFile, samples: false });
    expect((await stat(kubeconfigFile)).mode & 0o777).toBe(0o600);
    expect(await readFile(kubeconfigFile, 'utf8')).toContain(playground.apiUrl);
    await playground.close();
    await playground.close();
    expect(await readdir(folder)).toEqual([]);
    const temporary = await startPlayground({ samples: false });
    await temporary.close();
    await expect(stat(temporary.kubeconfigFile)).rejects.toThrow('ENOENT');
  });

  it("never overwrites another cluster's kubeconfig, and overwrites the one of a playground that was killed", async () => {
    const kubeconfigFile = join(folder, 'config');
    await writeFile(kubeconfigFile, 'clusters: [{name: production}]\n');
    await expect(startPlayground({ kubeconfigFile, samples: false })).rejects.toMatchObject({
      code: 'ERR_KUBECONFIG_FILE',
    });
    expect(await readFile(kubeconfigFile, 'utf8')).toContain('production');
    await writeFile(kubeconfigFile, 'clusters: [{name: playground}]\n');
    const playground = await startPlayground({ kubeconfigFile, samples: false });
    await playground.close();
  });

  it('refuses a kubeconfig or manifests without a folder before anything starts, with what to do', async () => {
    const progress: string[] = [];
    const refusal = async (options: Pick<PlaygroundOptions, 'kubeconfigFile' | 'manifests'>) => {
      const started = startPlayground({ ...options, onProgress: (message) => progress.push(message) });
      return started.then(
        () => 'started',
        (error: unknown) => (error instanceof PlaygroundError ? `${error.code} ${error.message}` : error),
      );
    };
    const none = join(folder, 'none');
    const file = join(folder, 'file.yaml');
    await writeFile(file, '');
    expect(await refusal({ kubeconfigFile: join(none, 'config') })).toMatch(
      /^ERR_KUBECONFIG_FILE .*make its folder first, or choose another file with --kubeconfig$/,
    );
    expect(await refusal({ manifests: none })).toBe(
      `ERR_MANIFESTS_FOLDER the folder of manifests ${none} does not exist: make it first, or name another one with --manifests`,
    );
    expect(await refusal({ manifests: file })).toBe(
      `ERR_MANIFESTS_FOLDER ${file} is a file, not a folder of manifests: name the folder that holds it with --manifests`,
    );
    expect(progress).toEqual([]);
    expect(await readdir(folder)).toEqual(['file.yaml']);
  });

  it('undoes a start that is called off', async () => {
    const aborter = new AbortController();
    const started = startPlayground({
      kubeconfigFile: join(folder, 'kubeconfig'),
      signal: aborter.signal,
      onProgress: () => aborter.abort(new Error('called off')),
    });
    await expect(started).rejects.toThrow('called off');
    expect(await readdir(folder)).toEqual([]);
  });

  it('says which port is taken, and ends what it had started', async () => {
    const first = await startPlayground({ samples: false });
    const apiPort = Number(new URL(first.apiUrl).port);
    await expect(startPlayground({ apiPort, samples: false })).rejects.toMatchObject({
      code: 'ERR_API_PORT',
      message: expect.stringContaining(`127.0.0.1:${apiPort}`),
    });
    await first.close();
    const signal = AbortSignal.abort(new Error('called off'));
    await expect(startPlayground({ apiPort, samples: false, signal })).rejects.toThrow('called off');
    const again = await startPlayground({ apiPort, samples: false });
    await again.close();
  });
});

describe('the ready texts', () => {
  const addresses = { http: 'http://127.0.0.1:8080', api: 'https://127.0.0.1:6443', kubeconfig: '/tmp/my config' };

  it('are one line of JSON for programs', () => {
    expect(readyFileText({ ...addresses, health: 'http://127.0.0.1:8090' })).toBe(
      '{"http":"http://127.0.0.1:8080","api":"https://127.0.0.1:6443","kubeconfig":"/tmp/my config","health":"http://127.0.0.1:8090"}\n',
    );
  });

  it('tells how to run a controller against a cluster that has none', () => {
    const cluster = { api: 'https://127.0.0.1:6443', kubeconfig: '/tmp/my files/kubeconfig' };
    expect(clusterText(cluster)).toContain("OS_KUBERNETES__KUBECONFIG='/tmp/my files/kubeconfig' npx kuryr-l7 run");
    expect(JSON.parse(readyFileText(cluster))).toEqual(cluster);
  });

  it('are commands to copy for people', () => {
    const text = readyText(addresses, { samples: true, manifests: './my' });
    expect(text).toContain("curl -H 'Host: www.example.com' http://127.0.0.1:8080/\n");
    expect(text).toContain("kubectl --kubeconfig '/tmp/my config' get ingress,service,pods\n");
    expect(text).toContain('./my');
    expect(readyText(addresses, { samples: false })).not.toContain('deploy1');
  });
});
