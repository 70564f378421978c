import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { hostRule } from '@kuryr-l7/router';
import { desiredOf, NEVER, TestBed, testMember, testPolicy, testPool } from '../local-router.fixture.js';

const bed = new TestBed();
afterEach(() => bed.close());

const WEB_SOCKET =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const LARGE = 4 * 1024 * 1024;

/** A router for `web.example` before a slow backend, and for `empty.example` before none. */
async function slow() {
  let running = 0;
  let mostRunning = 0;
  const server = createServer((incoming, response) => {
    mostRunning = Math.max(mostRunning, ++running);
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.once('end', () =>
      setTimeout(() => {
        running--;
        response.end(
          incoming.url === '/large' ? Buffer.alloc(LARGE, 'x') : `${incoming.url} ${Buffer.concat(chunks)};`,
        );
      }, 1),
    );
  });
  server.on('upgrade', (incoming, socket, head) => {
    socket.on('error', () => {});
    if (incoming.url === '/declined') {
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${LARGE}\r\n\r\n${'x'.repeat(LARGE)}`);
    } else {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.write(head);
      socket.pipe(socket);
    }
  });
  const port = await bed.backend(server);
  const router = await bed.router();
  const policies = [
    testPolicy({ rules: [hostRule('web.example')] }),
    testPolicy({ key: 'empty', redirectPool: 'empty', rules: [hostRule('empty.example')] }),
  ];
  const pools = [testPool([testMember(port)]), testPool([], { name: 'empty' })];
  await router.replace(desiredOf(router, policies, pools), NEVER);
  return { router, mostRunning: () => mostRunning };
}

function get(path: string, rest = 'Host: web.example\r\n\r\n'): string {
  return `GET ${path} HTTP/1.1\r\n${rest}`;
}

function statuses(answers: string): (string | undefined)[] {
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status);
}

describe('requests sent without waiting for answers', () => {
  it('reach the members one at a time, and are answered in order', async () => {
    const { router, mostRunning } = await slow();
    // More than is read from a socket at once.
    const padding = `Host: web.example\r\nX-Padding: ${'x'.repeat(300)}\r\n\r\n`;
    const paths = Array.from({ length: 500 }, (_, index) => `/${index}`);
    const last = get('/last', 'Host: web.example\r\nConnection: close\r\n\r\n');
    const answers = await bed.raw(router, paths.map((path) => get(path, padding)).join('') + last);
    expect(answers.match(/\/\w+ ;/g)).toEqual([...paths, '/last'].map((path) => `${path} ;`));
    expect(mostRunning()).toBe(1);
  });

  it('may have bodies', async () => {
    const { router } = await slow();
    const body = 'body'.repeat(50_000);
    const post = (path: string) =>
      `POST ${path} HTTP/1.1\r\nHost: web.example\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const last = get('/last', 'Host: web.example\r\nConnection: close\r\n\r\n');
    const answers = await bed.raw(router, Array.from({ length: 50 }, (_, index) => post(`/${index}`)).join('') + last);
    expect(answers.match(/\/\w+ (?:body)*;/g)).toEqual([
      ...Array.from({ length: 50 }, (_, index) => `/${index} ${body};`),
      '/last ;',
    ]);
  });

  it('are not served behind one that asked for the connection to be closed', async () => {
    const { router } = await slow();
    const closing = get('/1', 'Host: web.example\r\nConnection: close\r\n\r\n');
    expect(statuses(await bed.raw(router, closing + get('/2')))[0]).toBe('200');
    expect(router.statistics().requests).toEqual([expect.objectContaining({ outcome: '2xx', count: 1 })]);
  });

  it.each([
    ['that nothing matches gets 404', '/', 'other.example', '404'],
    ['with a malformed host gets 400', '/', 'a b', '400'],
    ['to an empty pool gets 503', '/', 'empty.example', '503'],
    ["that the member declines gets the member's answer", '/declined', 'web.example', '403'],
  ])('may end with a WebSocket handshake; one %s', async (_name, path, host, status) => {
    const { router } = await slow();
    for (const before of ['/before', '/large']) {
      const answers = await bed.raw(router, get(before) + get(path, `Host: ${host}\r\n${WEB_SOCKET}`));
      expect(statuses(answers)).toEqual(['200', status]);
      if (path === '/declined') expect(answers.slice(-LARGE)).toBe('x'.repeat(LARGE));
    }
  });

  it('may end with a WebSocket handshake that the member agrees to', async () => {
    const { router } = await slow();
    const socket = await bed.connect(router);
    socket.write(get('/large').repeat(40) + get('/', `Host: web.example\r\n${WEB_SOCKET}early `));
    let received = '';
    socket.on('data', (chunk) => {
      received = (received + String(chunk)).slice(-1000);
    });
    const until = async (end: string): Promise<void> => {
      while (!received.endsWith(end)) await once(socket, 'data');
    };
    await until('early ');
    expect(received).toContain(`${'x'.repeat(100)}HTTP/1.1 101 Switching Protocols\r\n`);
    socket.write('late');
    await until('early late');
  });

  it('may end with what is no request, which is refused after the others were answered', async () => {
    const { router } = await slow();
    expect(statuses(await bed.raw(router, get('/1') + get('/2') + get('/3', 'no field\r\n\r\n')))).toEqual([
      '200',
      '200',
      '400',
    ]);
  });

  it('may end with a CONNECT, which is refused after the others were answered', async () => {
    const { router } = await slow();
    const connect = 'CONNECT web.example:443 HTTP/1.1\r\nHost: web.example\r\n\r\n';
    expect(statuses(await bed.raw(router, get('/1') + get('/2') + connect))).toEqual(['200', '200', '405']);
  });

  it('may offer another protocol: they are answered as others, or the connection is closed', async () => {
    const { router } = await slow();
    const offering = get('/', 'Host: web.example\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    const last = get('/last', 'Host: web.example\r\nConnection: close\r\n\r\n');
    const answers = statuses(await bed.raw(router, get('/first') + offering.repeat(40) + last));
    expect(answers.slice(0, 2)).toEqual(['200', '200']);
    expect(answers.length === 42 || answers.length === 2).toBe(true);
  });
});
