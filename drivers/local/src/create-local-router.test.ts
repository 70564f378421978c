import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RouterUnavailableError } from '@kuryr-l7/plugin';
import { selfSignedCertificate } from './certificate.js';
import { desiredOf, httpPort, NEVER, TestBed, testMember, testPolicy, testPool } from './local-router.fixture.js';

const bed = new TestBed();
afterEach(() => bed.close());

describe('opening the local router', () => {
  it('tells the ports that it got and the address that it listens on', async () => {
    const { description } = await bed.router({ httpPort: 0, httpsPort: 0 });
    const [http, https] = description.listeners;
    expect(description.addresses).toEqual([{ ip: '127.0.0.1' }]);
    expect(description.addressFamily).toBe('IPv4');
    expect(http).toEqual({ key: `HTTP:${http?.port}`, protocol: 'HTTP', port: expect.any(Number) });
    expect(https).toEqual({
      key: `TERMINATED_HTTPS:${https?.port}`,
      protocol: 'TERMINATED_HTTPS',
      port: expect.any(Number),
    });
  });

  it('tells the address and ports that clients use where they are others', async () => {
    const options = {
      httpPort: 0,
      httpsPort: 0,
      externalAddress: 'www.example.com',
      externalHttpPort: 80,
      externalHttpsPort: 443,
    };
    const { description } = await bed.router(options);
    expect(description.addresses).toEqual([{ hostname: 'www.example.com' }]);
    expect(description.listeners.map(({ port }) => port)).toEqual([80, 443]);
  });

  it('has no HTTPS listener unless asked', async () => {
    expect((await bed.router()).description.listeners.map(({ protocol }) => protocol)).toEqual(['HTTP']);
  });

  it('says which port is taken, by which option it can be changed, and that it may be tried again', async () => {
    const taken = await bed.backend(createServer());
    const opening = bed.router({ httpPort: taken });
    await expect(opening).rejects.toBeInstanceOf(RouterUnavailableError);
    await expect(opening).rejects.toMatchObject({
      retryable: true,
      message: `The local router can't listen on 127.0.0.1 port ${taken}: another process listens there (EADDRINUSE). Stop that process, or set [local_router] http_port to another port (0 picks a free one).`,
    });
  });

  it('listens nowhere when one of its ports is taken', async () => {
    const taken = await bed.backend(createServer());
    const httpPort = await bed.closedPort();
    await expect(bed.router({ httpPort, httpsPort: taken })).rejects.toMatchObject({
      message: expect.stringContaining('https_port'),
    });
    expect((await bed.router({ httpPort })).description.listeners[0]?.port).toBe(httpPort);
  });

  it('says that the machine does not have the address', async () => {
    await expect(bed.router({ bindAddress: '192.0.2.1' })).rejects.toMatchObject({
      message: expect.stringContaining('Set [local_router] bind_address'),
    });
  });
});

describe('HTTPS', () => {
  async function get(port: number, options = {}): Promise<{ body: string; socket: TLSSocket }> {
    const agent = new HttpsAgent({ keepAlive: false });
    const sent = requestHttps({ port, host: '127.0.0.1', agent, rejectUnauthorized: false, ...options });
    const tlsSocket = once(sent, 'socket');
    sent.end();
    const [response] = await once(sent, 'response');
    let body = '';
    for await (const chunk of response) body += chunk;
    return { body, socket: (await tlsSocket)[0] };
  }

  it('is served with a self-signed certificate for the address', async () => {
    const port = await bed.backend((incoming, response) => response.end(incoming.headers['x-forwarded-proto']));
    const router = await bed.routerTo([port], { httpsPort: 0 });
    const httpsPort = router.description.listeners[1]?.port ?? 0;
    const { body, socket } = await get(httpsPort);
    expect(body).toBe('https');
    expect(socket.getPeerX509Certificate()?.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
  });

  it('is served with a certificate that is given', async () => {
    const tls = await selfSignedCertificate(['web.example']);
    const router = await bed.router({ httpsPort: 0, tls });
    const httpsPort = router.description.listeners[1]?.port ?? 0;
    const { body } = await get(httpsPort, { ca: tls.certificate, servername: 'web.example', rejectUnauthorized: true });
    expect(body).toBe('404 page not found\n');
  });

  it('ignores upgrades other than WebSocket there too', async () => {
    const router = await bed.router({ httpsPort: 0 });
    const httpsPort = router.description.listeners[1]?.port ?? 0;
    const { body } = await get(httpsPort, { headers: { connection: 'upgrade', upgrade: 'h2c' } });
    expect(body).toBe('404 page not found\n');
  });
});

describe('closing the local router', () => {
  it('lets a running request end, and accepts no new connection', async () => {
    const server = createServer();
    const router = await bed.routerTo([await bed.backend(server)]);
    const running = bed.get(router);
    const [, response] = await once(server, 'request');
    const closed = router.close();
    await expect(bed.connect(router)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    response.end('finished');
    expect(await running).toMatchObject({ status: 200, body: 'finished', headers: { connection: 'close' } });
    await closed;
  });

  it('cuts off a request that does not end, at the client and at the member', async () => {
    const server = createServer();
    const router = await bed.routerTo([await bed.backend(server)]);
    const running = bed.get(router);
    const [incoming] = await once(server, 'request');
    const atMember = once(incoming.socket, 'close');
    const [result] = await Promise.allSettled([running, router.close()]);
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ECONNRESET' } });
    await atMember;
  });

  it('closes idle connections at once', async () => {
    const port = await bed.backend((_incoming, response) => response.end());
    const router = await bed.routerTo([port]);
    const socket = await bed.connect(router);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket.resume(), 'close');
    await router.close();
    await closed;
    expect(router.statistics().activeConnections).toEqual({ [`HTTP:${httpPort(router)}`]: 0 });
  });

  it('closes a connection that has asked for nothing before the running requests end', async () => {
    const server = createServer();
    const router = await bed.routerTo([await bed.backend(server)]);
    const idle = await bed.connect(router);
    const running = bed.get(router);
    const [, response] = await once(server, 'request');
    const closed = router.close();
    await once(idle.resume(), 'close');
    response.end('finished');
    expect((await running).body).toBe('finished');
    await closed;
  });

  it('does not wait for a client that never ends its TLS handshake', async () => {
    const router = await bed.router({ httpsPort: 0 });
    const socket = await bed.connect(router, router.description.listeners[1]?.port);
    const closed = once(socket.resume(), 'close');
    await router.close();
    await closed;
  });

  it('leaves nothing behind, twice', async () => {
    const router = await bed.router({ httpsPort: 0 });
    const monitor = { type: 'TCP', delay: 1, timeout: 1, maxRetries: 1, maxRetriesDown: 1 } as const;
    const pool = testPool([testMember(await bed.closedPort())], { healthMonitor: monitor });
    await router.replace(desiredOf(router, [testPolicy()], [pool]), NEVER);
    await bed.get(router);
    await router.close();
    await router.close();
    await bed.close();
    const sockets = (): string[] => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|HTTP/.test(name));
    while (sockets().length > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('a client that dawdles', () => {
  it('over the head of its request is cut off', async () => {
    const router = await bed.router({ timeouts: { clientHeader: 50 } });
    expect(await bed.raw(router, 'GET / HTTP/1.1\r\nHost:')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('over the body of its request is cut off', async () => {
    const server = createServer();
    const router = await bed.routerTo([await bed.backend(server)], { timeouts: { clientData: 50 } });
    const received = once(server, 'request');
    const socket = await bed.connect(router);
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf');
    const [incoming] = await received;
    incoming.on('error', () => {});
    await once(socket, 'close');
  });

  it('over its next request is disconnected', async () => {
    const router = await bed.router({ timeouts: { clientKeepAlive: 50 } });
    expect(await bed.raw(router, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('over reading its answer is cut off', async () => {
    const port = await bed.backend((_incoming, response) => {
      response.on('error', () => {});
      response.end(Buffer.alloc(64 * 1024 * 1024));
    });
    const router = await bed.routerTo([port], { timeouts: { clientData: 50 } });
    const socket = await bed.connect(router);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    while (router.statistics().requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(router.statistics().activeConnections).toEqual({ [`HTTP:${httpPort(router)}`]: 0 });
  });

  it('is not meant where the member takes its time', async () => {
    const server = createServer();
    const router = await bed.routerTo([await bed.backend(server)], { timeouts: { clientData: 20 } });
    const sent = request({ port: httpPort(router), agent: false });
    sent.end();
    const [, response] = await once(server, 'request');
    await new Promise((resolve) => setTimeout(resolve, 100));
    response.end();
    const [answer] = await once(sent, 'response');
    expect(answer.statusCode).toBe(200);
    answer.resume();
  });
});
