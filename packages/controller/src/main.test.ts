import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from './main.js';

let folder: string;
let out: string;
let error: string;

const run = (...argv: readonly string[]) =>
  main(argv, {
    out: (text) => {
      out += text.endsWith('\n') ? text : `${text}\n`;
    },
    error: (text) => {
      error += text.endsWith('\n') ? text : `${text}\n`;
    },
  });

function file(text: string, name = 'kuryr.conf'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('kuryr-l7', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-main-'));
    out = '';
    error = '';
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lists its commands', async () => {
    expect(await run('--help')).toBe(0);
    for (const command of ['run', 'plan', 'explain', 'status', 'check-config', 'sample-config', 'playground']) {
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });

  it('refuses an unknown option with exit status 2', async () => {
    expect(await run('plan', '--colour')).toBe(2);
    expect(error).toContain("unknown option '--colour'");
  });

  it('names file, line, section and option of every bad value, and ends with exit status 2', async () => {
    const path = file('[health_server]\nport = many\n[kubernetes]\nenable_ingress = perhaps\n');
    for (const command of ['check-config', 'run']) {
      error = '';
      expect(await run(command, '--config-file', path)).toBe(2);
      expect(error).toContain(`${path}:2: [health_server] port: `);
      expect(error).toContain(`${path}:4: [kubernetes] enable_ingress: `);
    }
  });

  it('warns about an unknown option with the one that was probably meant', async () => {
    const path = file('[ingress]\nl7_router_uid = 99f580e6-d894-442a-bc5f-4d14b41e10d2\n');
    expect(await run('check-config', '--config-file', path)).toBe(0);
    expect(error).toMatch(/warning: .*l7_router_uid.*l7_router_uuid/);
  });

  it('shows what is in effect and where it comes from, the later file winning', async () => {
    const first = file('[ingress]\ningress_class = one\n', 'one.conf');
    const second = file('[ingress]\ningress_class = two\n', 'two.conf');
    expect(await run('check-config', '--config-file', first, '--config-file', second)).toBe(0);
    expect(out).toMatch(/ingress_class.*two.*two\.conf:2/);
  });

  it('stops the start for an unknown handler, with the list of known ones', async () => {
    const path = file('[kubernetes]\nenabled_handlers = lb,ingres\n');
    expect(await run('run', '--config-file', path)).toBe(2);
    expect(error).toContain("there is no 'ingres' (known here: ingresslb, lb;");
  });

  it('says so when enable_ingress and enabled_handlers contradict each other', async () => {
    expect(await run('check-config', '--config-file', file('[kubernetes]\nenabled_handlers = lb\n'))).toBe(0);
    expect(error).toContain('enabled_handlers does not name ingresslb: no Ingress is routed');
    error = '';
    expect(await run('check-config', '--config-file', file('[kubernetes]\nenable_ingress = False\n'))).toBe(0);
    expect(error).toContain('enable_ingress is False: the ingresslb handler of enabled_handlers is left out');
  });

  it('prints a sample that check-config accepts, with every line in effect', async () => {
    expect(await run('sample-config')).toBe(0);
    expect(out).toContain('[local_router]');
    const path = file(out.replaceAll(/^#([a-z0-9_]+ = )/gm, '$1').replaceAll(/ = <None>$/gm, ' ='));
    error = '';
    expect(await run('check-config', '--config-file', path)).toBe(0);
    expect(error).toBe('');
  });

  it.each(['plan', 'status', 'explain'])('%s says where it looked when no controller answers', async (command) => {
    const path = file(`[health_server]\nport = ${await deadPort()}\n`);
    const url = command === 'explain' ? ['http://www.example.com/'] : [];
    expect(await run(command, ...url, '--config-file', path)).toBe(1);
    expect(error).toMatch(/No controller answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Start one/);
  });

  it('explain refuses a header that is none', async () => {
    expect(await run('explain', 'http://www.example.com/', '--header', 'nonsense')).toBe(2);
    expect(error).toContain("--header 'nonsense' is not of the form 'name: value'");
  });
});
