import { createServer } from 'node:net';

/** The preferred port of 127.0.0.1 while nobody uses it; otherwise 0, which stands for any free one. */
export function preferredPort(port: number): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(0));
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(port)));
  });
}
