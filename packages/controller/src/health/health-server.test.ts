import { request } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { HealthServer, type Page, type ReadinessCheck } from './health-server.js';

let server: HealthServer | undefined;

async function listen(checks: readonly ReadinessCheck[] = [], pages: readonly (readonly [string, Page])[] = []) {
  server = await HealthServer.listen({
    bindAddress: '127.0.0.1',
    port: 0,
    checks,
    pages: new Map(pages),
    logger: SILENT_LOGGER,
  });
  return server.url;
}

const get = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
};

describe('the health server', () => {
  afterEach(() => server?.close());

  it('is alive as long as the process answers', async () => {
    const url = await listen([{ name: 'router', problem: () => 'gone' }]);
    expect(await get(`${url}/livez`)).toEqual({ status: 200, text: 'ok\n' });
    expect(await get(`${url}/alive`)).toEqual({ status: 200, text: 'ok\n' });
  });

  it('is ready when every part is, and says which is not and why', async () => {
    let problem: string | undefined = 'port 80 is taken';
    const url = await listen([
      { name: 'kubernetes', problem: () => undefined },
      { name: 'router', problem: () => problem },
    ]);
    expect(await get(`${url}/readyz`)).toEqual({
      status: 503,
      text: '[+]kubernetes ok\n[-]router failed: port 80 is taken\nnot ready\n',
    });
    problem = undefined;
    expect(await get(`${url}/ready`)).toEqual({ status: 200, text: '[+]kubernetes ok\n[+]router ok\nready\n' });
  });

  it('tells what is wrong beside, which leaves it ready', async () => {
    const url = await listen([{ name: 'objects', problem: () => undefined, notice: () => 'lb fails with 2 objects' }]);
    expect(await get(`${url}/readyz`)).toEqual({
      status: 200,
      text: '[+]objects ok, but lb fails with 2 objects\nready\n',
    });
  });

  it('names its pages to those who ask for another, reads only, and survives a page that fails', async () => {
    const url = await listen(
      [],
      [
        ['/one', () => ({ status: 200, json: { a: 1 } })],
        ['/bad', () => Promise.reject(new Error('no router'))],
      ],
    );
    expect(await get(`${url}/one?x=1`)).toEqual({ status: 200, text: '{"a":1}\n' });
    expect(await get(`${url}/nothing`)).toMatchObject({ status: 404, text: expect.stringContaining('/one') });
    expect(await get(`${url}/one`, { method: 'DELETE' })).toMatchObject({ status: 405 });
    expect(await get(`${url}/bad`)).toEqual({ status: 500, text: 'no router\n' });
    expect(await get(`${url}/livez`)).toMatchObject({ status: 200 });
  });

  it.each(['//', '/%', 'http://[', '*'])('survives a request for %s', async (target) => {
    const { port } = new URL(await listen());
    const status = await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: target }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });
});
