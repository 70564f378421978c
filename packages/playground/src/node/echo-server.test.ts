import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { EchoDestination } from './echo-destination.js';
import { EchoServer } from './echo-server.js';

describe('EchoServer', () => {
  const lines: string[] = [];
  const busy = new Set<Socket>();
  let leaving = false;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    const destination: EchoDestination = {
      namespace: 'shop',
      pod: 'web-1',
      ingress: '',
      service: () => 'web',
      leaving: () => leaving,
      log: (line) => lines.push(line),
    };
    const echo = new EchoServer();
    server = createServer({ allowHalfOpen: true }, (socket) => echo.serve(socket, destination, busy));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    leaving = false;
    lines.length = 0;
  });
  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  async function ask(path: string, headers: Record<string, string | string[]> = {}, method = 'GET', body?: Buffer) {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { Connection: 'close', ...headers } });
    outgoing.end(body);
    const [response] = await once(outgoing, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
  }

  it('answers the request field for field as the echo server of the conformance tests', async () => {
    const { status, headers, body } = await ask(
      '/a?b=c',
      { Host: 'www.example.com', 'x-two': ['1', '2'] },
      'POST',
      Buffer.from('hi'),
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body.toString())).toEqual({
      path: '/a?b=c',
      host: 'www.example.com',
      method: 'POST',
      proto: 'HTTP/1.1',
      headers: { Connection: ['close'], 'X-Two': ['1', '2'], 'Content-Length': ['2'] },
      namespace: 'shop',
      ingress: '',
      service: 'web',
      pod: 'web-1',
    });
    expect(lines).toEqual([
      expect.stringMatching(/^Echoing back request made to \/a\?b=c to client \(127\.0\.0\.1:\d+\)$/),
    ]);
  });

  it('echoes every path, those that an echo server might want for itself too', async () => {
    for (const path of ['/health', '/status/503', '/ws', '//x', '/%zz']) {
      const { status, body } = await ask(path);
      expect([status, JSON.parse(body.toString()).path]).toEqual([200, path]);
    }
  });

  it('sets status and headers when it is asked to', async () => {
    const { status, headers } = await ask('/', { 'X-Echo-Status': '503', 'X-Echo-Set-Header': 'X-One: 1, X-Two: b' });
    expect([status, headers['x-one'], headers['x-two']]).toEqual([503, '1', 'b']);
    expect((await ask('/', { 'X-Echo-Status': 'nonsense' })).status).toBe(200);
  });

  it('sends a body back as it comes', async () => {
    const body = Buffer.alloc(3_000_000, 'abc');
    const answer = await ask('/', { 'X-Echo-Body': 'true', 'Content-Type': 'text/plain' }, 'PUT', body);
    expect(answer.headers['content-type']).toBe('text/plain');
    expect(answer.body.equals(body)).toBe(true);
  });

  it('is busy for as long as a request waits for its answer', async () => {
    const slow = ask('/?delay=100ms');
    while (busy.size === 0) await new Promise((resolve) => setImmediate(resolve));
    await slow;
    while (busy.size > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('sends its clients away when its Pod is leaving', async () => {
    leaving = true;
    const { headers } = await ask('/', { Connection: 'keep-alive' });
    expect(headers.connection).toBe('close');
  });

  it('goes on with HTTP/1.1 when another protocol is offered', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /h2c HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('"path": "/h2c"');
  });

  it('refuses what is no HTTP', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('nonsense\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  describe('WebSocket', () => {
    async function open(): Promise<WebSocket> {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`);
      await once(socket, 'open');
      return socket;
    }

    it.each([
      ['short', 5],
      ['medium', 300],
      ['long', 100_000],
    ])('sends a %s message back', async (_size, length) => {
      const socket = await open();
      const message = 'x'.repeat(length);
      socket.send(message);
      const [text] = await once(socket, 'message');
      expect(text.toString()).toBe(message);
      socket.close(1000, 'done');
      const [code, reason] = await once(socket, 'close');
      expect([code, reason.toString()]).toEqual([1000, 'done']);
      expect(lines[0]).toContain('/chat');
    });

    it('keeps text and binary apart, in order, and answers pings', async () => {
      const socket = await open();
      const received: [string, boolean][] = [];
      socket.on('message', (data, binary) => received.push([data.toString(), binary]));
      socket.send('one');
      socket.send(Buffer.from('two'));
      socket.send('thr', { fin: false });
      socket.send('ee', { fin: true });
      socket.ping('are you there');
      const [pong] = await once(socket, 'pong');
      expect(pong.toString()).toBe('are you there');
      expect(received).toEqual([
        ['one', false],
        ['two', true],
        ['three', false],
      ]);
      socket.terminate();
    });

    it('ends a connection whose frames are not masked', async () => {
      const socket = connect(port, '127.0.0.1');
      socket.write(
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      );
      await once(socket, 'data');
      socket.write(Buffer.from([0x81, 0x01, 0x61]));
      const [frame] = await once(socket, 'data');
      expect([...frame]).toEqual([0x88, 0x02, 0x03, 0xea]);
      socket.destroy();
    });
  });
});
