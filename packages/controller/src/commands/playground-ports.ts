import { createServer } from 'node:net';
import { PlaygroundStartError } from './playground-start-error.js';

/** A port that somebody may have chosen on the command line. */
export interface PortWish {
  /** For messages, e.g. `--http-port`. */
  readonly flag: string;
  /** 0 stands for any free one. */
  readonly given: number | undefined;
  /** Taken where none is given and nobody uses it; otherwise any free one is. */
  readonly preferred: number;
}

/**
 * The ports of 127.0.0.1 to listen on, in the order of the wishes; 0 stands for any free one. Looked at before anything
 * starts, so that a port that is taken is told at once and by the flag that chooses it.
 * @throws PlaygroundStartError for a port that was given and can't be listened on, or was given twice
 */
export async function choosePorts(wishes: readonly PortWish[]): Promise<readonly number[]> {
  const flags = new Map<number, string>();
  for (const { flag, given = 0 } of wishes) {
    if (given === 0) continue;
    const other = flags.get(given);
    if (other !== undefined) {
      throw new PlaygroundStartError(
        `${flag} ${given} is the port of ${other}, too: give each its own; 0 picks a free one`,
      );
    }
    flags.set(given, flag);
    const reason = await obstacle(given);
    if (reason !== undefined) {
      throw new PlaygroundStartError(
        `${flag} ${given}: 127.0.0.1:${given} can't be listened on (${reason}): stop what uses it, or choose another port; 0 picks a free one`,
      );
    }
  }
  return Promise.all(
    wishes.map(async ({ given, preferred }) => {
      if (given !== undefined) return given;
      return flags.has(preferred) || (await obstacle(preferred)) !== undefined ? 0 : preferred;
    }),
  );
}

/** The system's code for why nobody can listen there now, e.g. `EADDRINUSE`; undefined where it is free. */
function obstacle(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(undefined)));
  });
}
