import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from '../command-line.fixture.js';

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('kuryr-l7 plan, status and explain', () => {
  let line: CommandLine;

  beforeEach(() => {
    line = new CommandLine();
  });

  afterEach(() => line.remove());

  it.each(['plan', 'status', 'explain'])('%s says where it looked when no controller answers', async (command) => {
    const path = line.file(`[health_server]\nport = ${await deadPort()}\n`);
    const url = command === 'explain' ? ['http://www.example.com/'] : [];
    expect(await line.run(command, ...url, '--config-file', path)).toBe(2);
    expect(line.error).toMatch(/No controller answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Start one/);
  });

  it.each(['nope', '127.0.0.1:8082', 'localhost:8082', 'http://', 'ftp://x/'])(
    'refuses --controller %s, which is no URL of a controller',
    async (named) => {
      for (const argv of [['plan'], ['status'], ['explain', 'http://a.example/']]) {
        line.error = '';
        expect(await line.run(...argv, '--controller', named)).toBe(2);
        expect(line.error).toBe(`--controller '${named}' is not a URL, e.g. http://127.0.0.1:8082\n`);
      }
    },
  );

  it.each(['/foo', 'http://', 'http:///foo', 'ftp://x/', 'a b', '?x=http://y/'])(
    'explain refuses %s, which is no URL of a request',
    async (url) => {
      expect(await line.run('explain', url, '--controller', 'http://127.0.0.1:1')).toBe(2);
      expect(line.error).toBe(`'${url}' is not an http or https URL, e.g. http://www.example.com/path\n`);
    },
  );

  it.each(['www.example.com', 'www.example.com:8080/shop', 'www.example.com/?to=http://x/', 'HTTPS://a.example/'])(
    'explain asks about %s',
    async (url) => {
      expect(await line.run('explain', url, '--controller', `http://127.0.0.1:${await deadPort()}`)).toBe(2);
      expect(line.error).toContain('No controller answers');
    },
  );

  it.each([
    ['127.0.0.2', 'http://127.0.0.2:'],
    ['::1', 'http://[::1]:'],
    ['', 'http://127.0.0.1:'],
    ['0.0.0.0', 'http://127.0.0.1:'],
    ['::', 'http://[::1]:'],
  ])('asks the health server of bind_address = %s at %s', async (address, url) => {
    const path = line.file(`[health_server]\nbind_address = ${address}\nport = ${await deadPort()}\n`);
    expect(await line.run('status', '--config-file', path)).toBe(2);
    expect(line.error).toContain(`No controller answers at ${url}`);
  });

  it.each([
    [-1, 'nothing is served'],
    [0, 'a free port is picked'],
  ])('asks to name the controller where the port in kuryr.conf is %i', async (port, why) => {
    const path = line.file(`[health_server]\nport = ${port}\n`);
    expect(await line.run('plan', '--config-file', path)).toBe(2);
    expect(line.error).toContain(`${path}:2: [health_server] port = ${port}: ${why}`);
    expect(line.error).toContain('--controller URL');
  });

  it('explain refuses a header that is none', async () => {
    expect(await line.run('explain', 'http://www.example.com/', '--header', 'nonsense')).toBe(2);
    expect(line.error).toContain("--header 'nonsense' is not of the form 'name: value'");
  });
});
