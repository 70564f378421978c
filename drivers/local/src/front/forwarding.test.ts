import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { desiredOf, httpPort, NEVER, TestBed, testMember, testPolicy, testPool } from '../local-router.fixture.js';

const EIGHT_MEGABYTES = Buffer.alloc(8 * 1024 * 1024, 'kuryr');
const bed = new TestBed();
afterEach(() => bed.close());

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A backend whose next request can be waited for. */
async function manualBackend() {
  const server = createServer();
  const port = await bed.backend(server);
  const next = async (): Promise<[IncomingMessage, ServerResponse]> => {
    const [incoming, response] = await once(server, 'request');
    return [incoming, response];
  };
  return { port, next, server };
}

/** A backend that answers each request with the same bytes. */
function answering(answer: string): Promise<number> {
  return bed.tcpBackend((socket) => socket.once('data', () => socket.end(answer, 'latin1')));
}

describe('a forwarded request', () => {
  it('streams 8 MB up and 8 MB down', async () => {
    const port = await bed.backend(async (incoming, response) => {
      const body = await bodyOf(incoming);
      response.end(body.equals(EIGHT_MEGABYTES) ? EIGHT_MEGABYTES : 'something else arrived');
    });
    const router = await bed.routerTo([port]);
    const { status, body } = await bed.get(router, '/', { method: 'POST', body: EIGHT_MEGABYTES });
    expect(status).toBe(200);
    expect(Buffer.from(body).equals(EIGHT_MEGABYTES)).toBe(true);
  });

  it('reaches the member before the client is done sending', async () => {
    const { port, next } = await manualBackend();
    const router = await bed.routerTo([port]);
    const sent = request({ port: httpPort(router), method: 'POST', agent: false });
    sent.write('first ');
    const [incoming, response] = await next();
    expect(incoming.headers['transfer-encoding']).toBe('chunked');
    sent.end('last');
    expect(String(await bodyOf(incoming))).toBe('first last');
    response.end();
    await once(sent, 'response');
  });

  it('holds a member back that sends faster than the client reads', async () => {
    const { port, next } = await manualBackend();
    const router = await bed.routerTo([port]);
    const sent = request({ port: httpPort(router), agent: false });
    sent.end();
    const [, response] = await next();
    const megabyte = EIGHT_MEGABYTES.subarray(0, 1024 * 1024);
    let written = 0;
    const flood = (): void => {
      while (written < 128) {
        written++;
        if (!response.write(megabyte)) return;
      }
    };
    response.on('drain', flood);
    flood();
    const [answer] = await once(sent, 'response');
    answer.pause();
    // Once nothing has moved for a while, the buffers on the way are full, and the member waits.
    for (let before = -1; before !== written; ) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(written).toBeLessThan(64);
    sent.destroy();
  });

  it('passes on each event of an event stream at once, and its head before the first', async () => {
    const { port, next } = await manualBackend();
    const router = await bed.routerTo([port]);
    const sent = request({ port: httpPort(router), agent: false });
    sent.end();
    const [, stream] = await next();
    stream.writeHead(200, { 'content-type': 'text/event-stream' });
    stream.flushHeaders();
    const [answer] = await once(sent, 'response');
    expect(answer.headers['content-type']).toBe('text/event-stream');
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      stream.write(event);
      const [chunk] = await once(answer, 'data');
      expect(String(chunk)).toBe(event);
    }
    stream.end();
    await once(answer, 'end');
  });

  it('is aborted at the member when the client leaves', async () => {
    const { port, next } = await manualBackend();
    const router = await bed.routerTo([port]);
    const sent = request({ port: httpPort(router), agent: false });
    sent.on('error', () => {});
    sent.end();
    const [, response] = await next();
    const aborted = once(response, 'close');
    sent.destroy();
    await aborted;
    expect(response.writableFinished).toBe(false);
    expect(router.statistics().requests).toEqual([expect.objectContaining({ pool: 'pool', outcome: 'aborted' })]);
  });

  it('is aborted at the member when the client leaves in the middle of its body', async () => {
    const { port, next } = await manualBackend();
    const router = await bed.routerTo([port]);
    const sent = request({ port: httpPort(router), method: 'POST', headers: { 'content-length': 100 }, agent: false });
    sent.on('error', () => {});
    sent.write('not all of it');
    const [incoming] = await next();
    const aborted = new Promise((resolve) => incoming.once('error', resolve));
    sent.destroy();
    await expect(aborted).resolves.toMatchObject({ code: 'ECONNRESET' });
  });

  it('breaks off for the client when the member breaks off within the answer', async () => {
    const port = await bed.backend((_incoming, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    const router = await bed.routerTo([port]);
    await expect(bed.get(router)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('gets 502 when the member breaks off before its answer, and is not sent to another', async () => {
    let requests = 0;
    const broken = async () =>
      bed.backend((incoming) => {
        requests++;
        incoming.socket.destroy();
      });
    const router = await bed.routerTo([await broken(), await broken()]);
    const { status, body } = await bed.get(router, '/', { method: 'POST' });
    expect({ status, body, requests }).toEqual({ status: 502, body: '502 bad gateway\n', requests: 1 });
  });

  /** A backend that gives so many answers on each connection, and closes it when one more is asked for. */
  async function closingBackend(answers: number) {
    const seen: string[] = [];
    const port = await bed.tcpBackend((socket) => {
      let left = answers;
      socket.on('data', (head) => {
        seen.push(String(head).split(' ')[0] ?? '');
        if (left-- > 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        else socket.end();
      });
    });
    return { port, seen };
  }

  it('without a body is sent again where the member closes a kept connection instead of answering', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const { port, seen } = await closingBackend(1);
      const router = await bed.routerTo([port]);
      await bed.get(router);
      expect((await bed.get(router, '/', { method })).status).toBe(200);
      expect(seen).toEqual(['GET', method, method]);
      expect(router.statistics().retries).toBe(1);
    }
  });

  it('is sent again once only, to another member if there is one', async () => {
    const one = await closingBackend(0);
    const two = await closingBackend(0);
    expect((await bed.get(await bed.routerTo([one.port, two.port]))).status).toBe(502);
    expect([one.seen, two.seen]).toEqual([['GET'], ['GET']]);
  });

  it('is not sent again where it has a body, or may not be sent twice', async () => {
    for (const [method, body] of [
      ['POST', ''],
      ['DELETE', ''],
      ['PUT', 'body'],
      ['OPTIONS', 'body'],
    ] as const) {
      const { port, seen } = await closingBackend(0);
      const router = await bed.routerTo([port]);
      expect(
        (await bed.get(router, '/', { method, body, headers: { 'content-length': `${body.length}` } })).status,
      ).toBe(502);
      expect(seen.filter((first) => first === method)).toHaveLength(1);
    }
  });

  it('gets 502 for an answer that is not HTTP', async () => {
    const router = await bed.routerTo([await answering('SSH-2.0-OpenSSH_9.2\r\n')]);
    expect((await bed.get(router)).status).toBe(502);
  });

  it.each([
    ['is no text', 'HTTP/1.1 200 \xe9\r\nContent-Length: 2\r\n\r\nok', '200 OK'],
    ['is another text', 'HTTP/1.1 200 \xe2\x9c\x93\r\nContent-Length: 2\r\n\r\nok', '200 OK'],
    ['is empty', 'HTTP/1.1 299 \r\nContent-Length: 2\r\n\r\nok', '299 '],
    ['is of its own', 'HTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\nok', '200 Fine'],
  ])('is answered whatever the reason phrase: one that %s', async (_name, answer, statusLine) => {
    const router = await bed.routerTo([await answering(answer)]);
    const answered = await bed.raw(router, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(answered.split('\r\n')[0]).toBe(`HTTP/1.1 ${statusLine}`);
    expect(answered).toMatch(/\r\n\r\nok$/);
    expect(router.statistics().requests).toEqual([expect.objectContaining({ outcome: '2xx', count: 1 })]);
  });

  it('gets 504 when the member does not answer in time', async () => {
    const { port } = await manualBackend();
    const router = await bed.routerTo([port], { timeouts: { memberData: 100 } });
    expect(await bed.get(router)).toMatchObject({ status: 504, body: '504 gateway timeout\n' });
  });

  it("goes to another member when one can't be connected to, body and all", async () => {
    const live = await bed.backend(async (incoming, response) => response.end(await bodyOf(incoming)));
    const router = await bed.routerTo([await bed.closedPort(), live, await bed.closedPort()]);
    for (let sent = 0; sent < 6; sent++) {
      const { status, body } = await bed.get(router, '/', { method: 'POST', body: 'once' });
      expect({ status, body }).toEqual({ status: 200, body: 'once' });
    }
    expect(router.statistics().retries).toBeGreaterThan(0);
  });

  it('gets 503 when no member can be connected to', async () => {
    const router = await bed.routerTo([await bed.closedPort(), await bed.closedPort()]);
    expect(await bed.get(router)).toMatchObject({ status: 503, body: '503 service unavailable\n' });
  });

  it('sees an early answer although it is not done sending, and may go on with the next request', async () => {
    const port = await bed.backend((incoming, response) => {
      response.writeHead(incoming.method === 'POST' ? 413 : 200).end();
    });
    const router = await bed.routerTo([port]);
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${EIGHT_MEGABYTES.length}\r\n\r\n`;
    const next = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const answers = await bed.raw(router, `${head}${EIGHT_MEGABYTES.toString('latin1')}${next}`);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  it('is told to continue once a member has been found, which is not told of it', async () => {
    const port = await bed.backend(async (incoming, response) => {
      response.end(`${incoming.headers.expect} ${await bodyOf(incoming)}`);
    });
    const router = await bed.routerTo([port]);
    const headers = { expect: '100-continue', 'content-length': 4 };
    const sent = request({ port: httpPort(router), method: 'PUT', headers, agent: false });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.end('body');
    const [response] = await once(sent, 'response');
    expect(String(await bodyOf(response))).toBe('undefined body');
  });

  it('is not told to continue where there is no member for it', async () => {
    const router = await bed.routerTo([]);
    const headers = { expect: '100-continue', 'content-length': 4 };
    const sent = request({ port: httpPort(router), method: 'PUT', headers, agent: false });
    sent.on('error', () => {});
    let continued = false;
    sent.on('continue', () => {
      continued = true;
    });
    sent.flushHeaders();
    const [response] = await once(sent, 'response');
    expect({ status: response.statusCode, continued }).toEqual({ status: 503, continued: false });
    sent.destroy();
  });

  it('gets the head of an answer to HEAD, and the next answer on the same connection', async () => {
    const port = await bed.backend((_incoming, response) =>
      response.writeHead(200, { 'content-length': 5 }).end('hello'),
    );
    const router = await bed.routerTo([port]);
    expect(await bed.get(router, '/', { method: 'HEAD' })).toMatchObject({
      headers: { 'content-length': '5' },
      body: '',
    });
    expect((await bed.get(router)).body).toBe('hello');
    expect(router.statistics().activeConnections).toEqual({ [`HTTP:${httpPort(router)}`]: 1 });
  });

  it('gets 204 and 304 as they are', async () => {
    const port = await bed.backend((incoming, response) => response.writeHead(Number(incoming.url?.slice(1))).end());
    const router = await bed.routerTo([port]);
    for (const status of [204, 304]) {
      expect(await bed.get(router, `/${status}`)).toMatchObject({ status, body: '' });
    }
  });

  const WITH_TRAILERS =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, X-Part\r\n\r\n4\r\nbody\r\n0\r\n' +
    'X-Sum: abc\r\nX-Part: 1\r\nX-Part: 2\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n';

  it('gets all trailers of a chunked answer, but for those that frame it', async () => {
    const router = await bed.routerTo([await answering(WITH_TRAILERS)]);
    const { headers, trailers, body } = await bed.get(router);
    expect(body).toBe('body');
    expect(headers.trailer).toBe('X-Sum, X-Part');
    expect(trailers).toEqual({ 'x-sum': 'abc', 'x-part': '1, 2' });
  });

  it.each([
    ['HEAD', 'HEAD / HTTP/1.1', ''],
    ['HTTP/1.0', 'GET / HTTP/1.0', 'body'],
  ])('is not told of trailers where there can be none: %s', async (_name, requestLine, body) => {
    const router = await bed.routerTo([await answering(WITH_TRAILERS)]);
    const answer = await bed.raw(router, `${requestLine}\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).not.toMatch(/^trailer:/im);
    expect(answer.split('\r\n\r\n')[1]).toBe(body);
  });

  it('is not told of trailers where the answer has a length', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nContent-Length: 4\r\n\r\nbody';
    const { status, headers, body } = await bed.get(await bed.routerTo([await answering(answer)]));
    expect({ status, trailer: headers.trailer, body }).toEqual({ status: 200, trailer: undefined, body: 'body' });
  });

  it('may have any method, and a body with any method', async () => {
    const port = await bed.backend(async (incoming, response) => {
      response.end(`${incoming.method} ${await bodyOf(incoming)}`);
    });
    const router = await bed.routerTo([port]);
    for (const method of ['DELETE', 'OPTIONS', 'PROPFIND']) {
      expect((await bed.get(router, '/', { method, body: 'body', headers: { 'content-length': '4' } })).body).toBe(
        `${method} body`,
      );
    }
  });

  it('of HTTP/1.0 is answered, and the connection closed', async () => {
    const port = await bed.backend((_incoming, response) => response.end('hello'));
    const router = await bed.routerTo([port]);
    const answer = await bed.raw(router, 'GET / HTTP/1.0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\n\r\nhello$/);
  });

  it('is finished on a member that has been removed meanwhile', async () => {
    const { port, next } = await manualBackend();
    const router = await bed.routerTo([port]);
    const running = bed.get(router);
    const [, response] = await next();
    await router.replace(desiredOf(router, [], []), NEVER);
    response.end('finished');
    expect(await running).toMatchObject({ status: 200, body: 'finished' });
    expect((await bed.get(router)).status).toBe(404);
  });

  it('closes its connection to a removed member when it is finished', async () => {
    const { port, next, server } = await manualBackend();
    // The backend itself would keep the connection for long.
    server.keepAliveTimeout = 600_000;
    const router = await bed.routerTo([port]);
    const running = bed.get(router);
    const [incoming, response] = await next();
    const closed = once(incoming.socket, 'close');
    await router.replace(desiredOf(router, [testPolicy()], [testPool([testMember(port + 1)])]), NEVER);
    response.end();
    await running;
    await closed;
    expect(server.listening).toBe(true);
  });
});
