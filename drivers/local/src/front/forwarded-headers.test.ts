import { afterEach, describe, expect, it } from '@jest/globals';
import { httpPort, TestBed } from '../local-router.fixture.js';

const bed = new TestBed();
afterEach(() => bed.close());

/** A router before a backend that answers with the fields it got. */
async function echoing(options = {}) {
  const port = await bed.backend((incoming, response) => response.end(JSON.stringify(incoming.headers)));
  return bed.routerTo([port], options);
}

describe('the fields of a request', () => {
  it('tell the member who the client is, and how it came', async () => {
    const router = await echoing();
    const headers = JSON.parse((await bed.get(router, '/', { headers: { host: 'Web.example:80' } })).body);
    expect(headers).toEqual({
      host: 'Web.example:80',
      connection: 'keep-alive',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': String(httpPort(router)),
      'x-forwarded-proto': 'http',
    });
  });

  it('tell the port that clients use where that is another one', async () => {
    const port = await bed.backend((incoming, response) => response.end(incoming.headers['x-forwarded-port']));
    const router = await bed.router({ externalHttpPort: 80 });
    const [listener] = router.description.listeners;
    expect(listener?.port).toBe(80);
    expect(listener?.key).toMatch(/^HTTP:\d{4,5}$/);
    await router.close();
    const reached = await bed.routerTo([port], { externalHttpPort: 80 });
    const actualPort = Number(reached.description.listeners[0]?.key.split(':')[1]);
    const response = await fetch(`http://127.0.0.1:${actualPort}/`);
    expect(await response.text()).toBe('80');
  });

  it('keep the proxies that the client came through, but not what it says of port and protocol', async () => {
    const router = await echoing();
    const headers = {
      'X-Forwarded-For': ['192.0.2.1', '192.0.2.2, 192.0.2.3'],
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Port': '443',
    };
    expect(JSON.parse((await bed.get(router, '/', { headers })).body)).toMatchObject({
      'x-forwarded-for': '192.0.2.1, 192.0.2.2, 192.0.2.3, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(httpPort(router)),
    });
  });

  it('end here where they concern one connection, those that Connection names too', async () => {
    const router = await echoing();
    const headers = {
      Connection: 'keep-alive, X-Private, Content-Length, Host',
      'Keep-Alive': 'timeout=5',
      'Proxy-Connection': 'keep-alive',
      TE: 'trailers',
      'X-Private': 'secret',
      'X-Public': 'kept',
      'Content-Length': '4',
      Host: 'kept.example',
    };
    const got = JSON.parse((await bed.get(router, '/', { method: 'POST', headers, body: 'body' })).body);
    expect(Object.keys(got).sort()).toEqual([
      'connection',
      'content-length',
      'host',
      'x-forwarded-for',
      'x-forwarded-port',
      'x-forwarded-proto',
      'x-public',
    ]);
    expect(got.connection).toBe('keep-alive');
  });

  it("are not stripped of the client's address because Connection names its field", async () => {
    const router = await echoing();
    const headers = { Connection: 'X-Forwarded-For', 'X-Forwarded-For': '192.0.2.1' };
    expect(JSON.parse((await bed.get(router, '/', { headers })).body)['x-forwarded-for']).toBe('127.0.0.1');
  });
});

describe('the fields of an answer', () => {
  it('come as the member sent them, repeated ones too', async () => {
    const port = await bed.backend((_incoming, response) => {
      response.setHeader('Set-Cookie', ['a=1', 'b=2']);
      response.setHeader('X-Repeated', ['one', 'two']);
      response.setHeader('Server', 'backend/1.0');
      response.end();
    });
    const { headers } = await bed.get(await bed.routerTo([port]));
    expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-repeated': 'one, two', server: 'backend/1.0' });
  });

  it('name the router as Server where the member names none', async () => {
    const router = await echoing();
    expect((await bed.get(router)).headers.server).toBe('kuryr-l7');
  });

  it('end here where they concern one connection', async () => {
    const port = await bed.backend((_incoming, response) => {
      response.setHeader('Connection', 'close, X-Private');
      response.setHeader('X-Private', 'secret');
      response.end('body');
    });
    const { headers } = await bed.get(await bed.routerTo([port]));
    expect(headers['x-private']).toBeUndefined();
    expect(headers.connection).toBe('keep-alive');
  });

  it('end here where one of several Connection fields names them', async () => {
    const port = await bed.backend((_incoming, response) => {
      response.writeHead(200, [
        ['Connection', 'keep-alive'],
        ['Connection', 'X-Private'],
        ['X-Private', 'secret'],
        ['Content-Length', '4'],
      ]);
      response.end('body');
    });
    const { status, headers } = await bed.get(await bed.routerTo([port]));
    expect(status).toBe(200);
    expect(headers['x-private']).toBeUndefined();
  });
});
