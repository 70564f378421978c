import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printTable, quantile } from './table.js';

const HOST = 'bench.example.com';
const SECONDS = 5;
const ROUNDS = 3;
const CONNECTIONS = 64;
/** Ports of the benchmark's own processes on loopback. */
const PORTS = { backend: 18_080, nginx: 18_081, haproxy: 18_082 };

interface Load {
  readonly requestsPerSecond: number;
  readonly p99: number;
}

/** Requests a second and p99 through the local router, beside HAProxy and nginx with one thread each, in the same run. */
export async function localRouter(): Promise<void> {
  const missing = ['haproxy', 'nginx', 'wrk'].filter((name) => !isThere(name));
  if (missing.length > 0) {
    process.stdout.write(
      `\nlocal router: left out, ${missing.join(', ')} missing: apt-get install haproxy nginx-light wrk\n`,
    );
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-bench-'));
  const processes: ChildProcess[] = [];
  try {
    processes.push(nginx(folder, 'backend', BACKEND), nginx(folder, 'proxy', NGINX), haproxy(folder));
    const router = fork(fileURLToPath(new URL('router-process.js', import.meta.url)), [String(PORTS.backend), HOST]);
    processes.push(router);
    const [{ port }] = (await once(router, 'message')) as [{ port: number }];
    await Promise.all(Object.values(PORTS).map(listening));
    const targets = {
      'the backend itself': PORTS.backend,
      HAProxy: PORTS.haproxy,
      nginx: PORTS.nginx,
      'local router': port,
    };
    printTable(
      `Local router beside others (one thread for each proxy, wrk -c${CONNECTIONS}, keep-alive, ${ROUNDS} rounds of ${SECONDS} s in turn, medians)`,
      ['router', 'requests/s', 'p99', 'share of HAProxy'],
      await compare(targets),
    );
  } finally {
    const ended = processes.map((child) => (child.exitCode === null ? once(child, 'exit') : undefined));
    for (const child of processes) child.kill('SIGTERM');
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(targets: Readonly<Record<string, number>>): Promise<readonly (readonly string[])[]> {
  const loads = new Map<string, Load[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, port] of Object.entries(targets)) loads.set(name, [...(loads.get(name) ?? []), await load(port)]);
  }
  const rate = (name: string) =>
    quantile(
      (loads.get(name) ?? []).map(({ requestsPerSecond }) => requestsPerSecond),
      0.5,
    );
  const p99 = (name: string) =>
    quantile(
      (loads.get(name) ?? []).map((entry) => entry.p99),
      0.5,
    );
  return Object.keys(targets).map((name) => [
    name,
    rate(name).toFixed(0),
    `${p99(name).toFixed(1)} ms`,
    `${((rate(name) / rate('HAProxy')) * 100).toFixed(0)} %`,
  ]);
}

async function load(port: number): Promise<Load> {
  const script = [
    '-t1',
    `-c${CONNECTIONS}`,
    `-d${SECONDS}s`,
    '--latency',
    '-H',
    `Host: ${HOST}`,
    `http://127.0.0.1:${port}/`,
  ];
  const child = spawn('wrk', script, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'exit');
  const [, rate = ''] = /Requests\/sec:\s+([\d.]+)/.exec(text) ?? [];
  const [, value = '', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  if (/Non-2xx/.test(text)) throw new Error(`not every request to port ${port} was answered well:\n${text}`);
  const scale = { us: 0.001, ms: 1, s: 1_000 }[unit] ?? 1;
  return { requestsPerSecond: Number(rate), p99: Number(value) * scale };
}

const BACKEND = `server { listen 127.0.0.1:${PORTS.backend} reuseport; location / { default_type text/plain; return 200 "Hello, world!"; } }`;
const NGINX = `upstream pods { server 127.0.0.1:${PORTS.backend}; keepalive 128; }
server { listen 127.0.0.1:${PORTS.nginx} reuseport; server_name ${HOST};
  location / { proxy_pass http://pods; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; } }`;

function nginx(folder: string, name: string, server: string): ChildProcess {
  const own = join(folder, name);
  mkdirSync(own);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${own}/${kind};`,
  );
  const configuration = `daemon off; worker_processes 1; pid ${own}/pid; error_log ${own}/error.log;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000; ${temporary.join(' ')} ${server} }`;
  writeFileSync(join(own, 'nginx.conf'), configuration);
  return spawn('nginx', ['-p', own, '-c', join(own, 'nginx.conf')], { stdio: 'ignore' });
}

function haproxy(folder: string): ChildProcess {
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 2000
defaults
  mode http
  timeout connect 5s
  timeout client 50s
  timeout server 50s
  option forwardfor
frontend f
  bind 127.0.0.1:${PORTS.haproxy}
  use_backend b if { req.hdr(host) -i -m reg ^bench\\.example\\.com(:[0-9]*)?$ }
backend b
  http-reuse safe
  server s 127.0.0.1:${PORTS.backend}
`,
  );
  return spawn('haproxy', ['-f', file, '-db'], { stdio: 'ignore' });
}

function isThere(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect({ host: '127.0.0.1', port });
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}: is it taken by something else?`);
}
