import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kubectl } from '../../packages/playground/src/kubectl.fixture.js';
import { eventually } from './test-cluster.fixture.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Milliseconds that a start may take, which builds first. */
const START = 150_000;
const PORTS = ['--http-port', '0', '--https-port', '0', '--api-port', '0', '--health-port', '0'];

interface Ready {
  readonly http: string;
  readonly https: string;
  readonly api: string;
  readonly kubeconfig: string;
  readonly health: string;
}

type Npm = ChildProcessByStdio<null, Readable, Readable>;

let folder: string;
/** All that a test has started; each leads a process group, so that nothing is left where the test fails. */
const started: Npm[] = [];
let child: Npm | undefined;
let output = '';

/** `npm start -- ...` as a person types it. */
function npmStart(...args: readonly string[]): Npm {
  const npm = spawn('npm', ['start', '--', ...args], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(npm);
  return npm;
}

function endGroup({ pid }: Npm): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Resolves when the ready file is there. */
async function start(...args: readonly string[]): Promise<Ready> {
  const readyFile = join(folder, 'ready.json');
  output = '';
  child = npmStart(...PORTS, '--ready-file', readyFile, ...args);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const running = child;
  await eventually(() => {
    if (!existsSync(readyFile) && running.exitCode === null) throw new Error(`not ready: ${output}`);
  }, START);
  if (running.exitCode !== null) throw new Error(`ended with exit status ${running.exitCode}: ${output}`);
  return eventually(() => JSON.parse(readFileSync(readyFile, 'utf8')) as Ready);
}

/** Sends SIGINT to npm, as Ctrl-C does; gives its exit status. */
async function stop(): Promise<number | null> {
  const running = child;
  child = undefined;
  if (running === undefined) throw new Error('nothing runs');
  const exited = new Promise<number | null>((resolve) => running.once('exit', resolve));
  running.kill('SIGINT');
  return exited;
}

function get(url: string, host: string): Promise<{ readonly status: number; readonly pod: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host }, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, pod: /"pod": "([^"]*)"/.exec(body)?.[1] ?? '' }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('npm start', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-start-'));
  });

  afterEach(() => {
    started.splice(0).forEach(endGroup);
    rmSync(folder, { recursive: true, force: true });
  });

  it('routes the samples, follows kubectl, and leaves nothing behind after Ctrl-C', async () => {
    const { http, api, kubeconfig, health } = await start();
    expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
    expect((await fetch(`${health}/readyz`)).status).toBe(200);

    const pods = new Set<string>();
    for (let index = 0; index < 6; index += 1) pods.add((await get(http, 'www.example.com')).pod);
    expect(pods.size).toBe(3);
    expect((await get(http, 'www.yolo.org')).pod).toMatch(/^deploy2-/);
    expect((await get(http, 'cheddar.example.com')).pod).toMatch(/^cheddar-/);
    expect((await get(http, 'unknown.example.com')).status).toBe(404);

    const kubectl = new Kubectl(readFileSync(kubeconfig, 'utf8'));
    try {
      expect(await kubectl.output('get ingress ingress-test')).toMatch(
        /ingress-test\s+kuryr-l7\s+www\.example\.com,www\.yolo\.org\s+127\.0\.0\.1\s/,
      );
      await kubectl.output('create ingress new --class=kuryr-l7 --rule=new.example.com/*=deploy2:80');
      await eventually(async () => expect((await get(http, 'new.example.com')).pod).toMatch(/^deploy2-/));
      await kubectl.output('scale deployment deploy1 --replicas=1');
      await eventually(async () => {
        const left = new Set<string>();
        for (let index = 0; index < 6; index += 1) left.add((await get(http, 'www.example.com')).pod);
        expect(left.size).toBe(1);
      });
      await kubectl.output('delete ingress new');
      await eventually(async () => expect((await get(http, 'new.example.com')).status).toBe(404));
    } finally {
      await kubectl.close();
    }

    expect(await stop()).toBe(0);
    expect(existsSync(kubeconfig)).toBe(false);
    expect(existsSync(join(folder, 'ready.json'))).toBe(false);
    for (const url of [http, health, api.replace('https:', 'http:')])
      await expect(get(url, 'x')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('is only a cluster with --no-controller: nothing is routed, and no status is written', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    const ready = await start('--no-controller', '--kubeconfig', kubeconfig);
    expect(Object.keys(ready)).toEqual(['api', 'kubeconfig']);
    expect(output).toContain(`OS_KUBERNETES__KUBECONFIG=${kubeconfig} npx kuryr-l7 run`);
    const kubectl = new Kubectl(readFileSync(kubeconfig, 'utf8'));
    try {
      expect(await kubectl.output('get ingress ingress-test')).not.toContain('127.0.0.1');
    } finally {
      await kubectl.close();
    }
    expect(await stop()).toBe(0);
  });

  it('can be stopped while it starts', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    const starting = npmStart(...PORTS, '--kubeconfig', kubeconfig);
    child = starting;
    await new Promise<void>((resolve, reject) => {
      starting.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('Kubernetes API')) resolve();
      });
      starting.once('exit', (status) => reject(new Error(`ended with exit status ${status}`)));
    });
    expect(await stop()).toBe(0);
    expect(existsSync(kubeconfig)).toBe(false);
  });

  it('ends well when a terminal sends Ctrl-C to npm and to all that it started, and npm passes it on', async () => {
    const running = npmStart(...PORTS, '--ready-file', join(folder, 'ready.json'));
    const { kubeconfig } = await eventually(
      () => JSON.parse(readFileSync(join(folder, 'ready.json'), 'utf8')) as Ready,
      START,
    );
    const exited = new Promise((resolve) => running.once('exit', resolve));
    process.kill(-(running.pid ?? 0), 'SIGINT');
    expect(await exited).toBe(0);
    expect(existsSync(kubeconfig)).toBe(false);
    expect(existsSync(join(folder, 'ready.json'))).toBe(false);
  });

  it('says which port is taken, and ends', async () => {
    const { http } = await start();
    const port = new URL(http).port;
    const second = npmStart(...PORTS.slice(2), '--http-port', port);
    second.stdout.resume();
    let error = '';
    second.stderr.on('data', (chunk: Buffer) => {
      error += chunk.toString();
    });
    expect(await new Promise((resolve) => second.once('close', resolve))).toBe(1);
    expect(error).toContain(port);
    expect(await stop()).toBe(0);
  });

  it('applies a folder of manifests, names file and line of what is wrong, and follows changes', async () => {
    const manifests = join(folder, 'manifests');
    mkdirSync(manifests);
    const ingress = (host: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: mine
spec:
  rules:
    - host: ${host}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: { service: { name: deploy1, port: { number: 80 } } }
`;
    writeFileSync(join(manifests, 'mine.yaml'), ingress('mine.example.com'));
    writeFileSync(join(manifests, 'broken.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [unclosed\n');
    const { http } = await start('--manifests', manifests);
    await eventually(async () => expect((await get(http, 'mine.example.com')).pod).toMatch(/^deploy1-/));
    expect(output).toMatch(/broken\.yaml:\d+/);
    writeFileSync(join(manifests, 'mine.yaml'), ingress('changed.example.com'));
    await eventually(async () => expect((await get(http, 'changed.example.com')).pod).toMatch(/^deploy1-/));
    expect((await get(http, 'mine.example.com')).status).toBe(404);
    expect(await stop()).toBe(0);
  });
});
