import { afterEach, describe, expect, it } from '@jest/globals';
import { hostRule } from '@kuryr-l7/router';
import { desiredOf, NEVER, TestBed, testMember, testPolicy, testPool } from '../local-router.fixture.js';

const bed = new TestBed();
afterEach(() => bed.close());

/** A router for `web.example` only, before a backend that notes each request it gets. */
async function noting() {
  const got: string[] = [];
  const port = await bed.backend((incoming, response) => {
    got.push(`${incoming.method} ${incoming.headers.host} ${incoming.url}`);
    incoming.resume().once('end', () => response.end('ok'));
  });
  const router = await bed.router();
  const policy = testPolicy({ rules: [hostRule('web.example')] });
  await router.replace(desiredOf(router, [policy], [testPool([testMember(port)])]), NEVER);
  return { router, got };
}

const CLOSE = 'Connection: close\r\n\r\n';

describe('the target of a request', () => {
  it('in absolute form goes before the Host field', async () => {
    const { router, got } = await noting();
    for (const target of ['http://WEB.example:80/a?b=c', 'https://web.example', 'HTTP://web.example?x']) {
      expect(await bed.raw(router, `GET ${target} HTTP/1.1\r\nHost: other.example\r\n${CLOSE}`)).toMatch(
        /^HTTP\/1\.1 200 /,
      );
    }
    expect(got).toEqual(['GET WEB.example:80 /a?b=c', 'GET web.example /', 'GET web.example /?x']);
  });

  it.each([
    ['two Host fields', `GET / HTTP/1.1\r\nHost: web.example\r\nHost: other.example\r\n${CLOSE}`],
    ['no Host field', `GET / HTTP/1.1\r\n${CLOSE}`],
    ['a host with a slash', `GET / HTTP/1.1\r\nHost: web.example/a\r\n${CLOSE}`],
    ['a host with user information', `GET http://user@web.example/ HTTP/1.1\r\nHost: web.example\r\n${CLOSE}`],
    ['an empty host in absolute form', `GET http:///p HTTP/1.1\r\nHost: web.example\r\n${CLOSE}`],
    ['a fragment', `GET /a#b HTTP/1.1\r\nHost: web.example\r\n${CLOSE}`],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\nHost: web.example\r\n${CLOSE}`],
  ])('with %s is refused with 400', async (_name, request) => {
    const { router, got } = await noting();
    expect(await bed.raw(router, request)).toMatch(/^HTTP\/1\.1 400 /);
    expect(got).toEqual([]);
  });

  it('of CONNECT is refused with 405', async () => {
    const { router } = await noting();
    expect(await bed.raw(router, `CONNECT web.example:443 HTTP/1.1\r\nHost: web.example\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 405 /,
    );
  });
});

describe('a request that could be understood in two ways', () => {
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: web.example\r\n\r\n';
  it.each([
    [
      'Content-Length and Transfer-Encoding',
      `Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['two lengths', `Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`],
    ['a length with a sign', `Content-Length: +0\r\n\r\n${smuggled}`],
    ['another encoding last', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a blank before the colon', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a continued line', `X-Folded: a\r\n Transfer-Encoding: chunked\r\nContent-Length : 0\r\n\r\n${smuggled}`],
    ['a malformed chunk size', `Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n${smuggled}`],
  ])('by %s is refused, and nothing behind it is served', async (_name, rest) => {
    const { router, got } = await noting();
    const answer = await bed.raw(router, `POST /outer HTTP/1.1\r\nHost: web.example\r\n${rest}`);
    expect(answer).toMatch(/^HTTP\/1\.1 [45]0\d /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(got.filter((request) => request.includes('smuggled'))).toEqual([]);
  });

  it('by a Transfer-Encoding in HTTP/1.0 is refused', async () => {
    const { router, got } = await noting();
    const head = 'POST / HTTP/1.0\r\nHost: web.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await bed.raw(router, head)).toMatch(/^HTTP\/1\.1 400 /);
    expect(got).toEqual([]);
  });

  it('by a head that is too long is refused with 431', async () => {
    const { router } = await noting();
    const head = `GET / HTTP/1.1\r\nHost: web.example\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`;
    expect(await bed.raw(router, head)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('is served in order where it is only two requests at once', async () => {
    const { router, got } = await noting();
    const answer = await bed.raw(
      router,
      `GET /1 HTTP/1.1\r\nHost: web.example\r\n\r\nGET /2 HTTP/1.1\r\nHost: web.example\r\n${CLOSE}`,
    );
    expect(answer.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(got.sort()).toEqual(['GET web.example /1', 'GET web.example /2']);
  });
});
