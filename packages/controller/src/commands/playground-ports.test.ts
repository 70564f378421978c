import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { choosePorts } from './playground-ports.js';

let server: Server;
let taken: number;
let free: number;

const listen = (host: Server) =>
  new Promise<number>((resolve) => {
    host.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = host.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
const close = (host: Server) => new Promise((resolve) => host.close(resolve));

describe('the ports of the playground', () => {
  beforeEach(async () => {
    server = createServer();
    taken = await listen(server);
    const other = createServer();
    free = await listen(other);
    await close(other);
  });

  afterEach(() => close(server));

  it('are those given, otherwise the preferred ones, otherwise any', async () => {
    const flag = '--http-port';
    expect(
      await choosePorts([
        { flag, given: free, preferred: taken },
        { flag, given: 0, preferred: free },
        { flag, given: undefined, preferred: taken },
      ]),
    ).toEqual([free, 0, 0]);
    expect(await choosePorts([{ flag, given: undefined, preferred: free }])).toEqual([free]);
  });

  it('are not preferred where another flag gives them', async () => {
    const wishes = [
      { flag: '--http-port', given: undefined, preferred: free },
      { flag: '--health-port', given: free, preferred: 8082 },
    ];
    expect(await choosePorts(wishes)).toEqual([0, free]);
  });

  it('name their flag and the remedy where they are taken', async () => {
    await expect(choosePorts([{ flag: '--health-port', given: taken, preferred: free }])).rejects.toMatchObject({
      code: 'ERR_PLAYGROUND_START',
      message: `--health-port ${taken}: 127.0.0.1:${taken} can't be listened on (EADDRINUSE): stop what uses it, or choose another port; 0 picks a free one`,
    });
  });

  it('are refused where two are one', async () => {
    const wishes = ['--http-port', '--https-port'].map((flag) => ({ flag, given: free, preferred: 8080 }));
    await expect(choosePorts(wishes)).rejects.toThrow(`--https-port ${free} is the port of --http-port, too`);
  });
});
