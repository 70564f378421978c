import { badRequest } from './api-error.js';
import type { ApiObject } from './api-object.js';
import type { Exchange } from './exchange.js';
import { boolean, integer } from './request-options.js';

export interface PodLogOptions {
  /** Undefined: the only container, or the one of the annotation `kubectl.kubernetes.io/default-container`. */
  readonly container?: string;
  /** Goes on until the signal is aborted. */
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Undefined: all lines. */
  readonly tailLines?: number;
  /** Undefined: from the beginning. */
  readonly sinceSeconds?: number;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/** The log of a Pod's container as pieces of text, lines ended. May throw an ApiError. */
export type PodLog = (pod: ApiObject, options: PodLogOptions) => AsyncIterable<string>;

/** Answers `pods/NAME/log`. */
export async function streamPodLog(exchange: Exchange, pod: ApiObject, podLog: PodLog | undefined): Promise<void> {
  if (podLog === undefined) throw badRequest(`no node keeps a log of pod ${pod.metadata.name}`);
  const { query, response } = exchange;
  const aborter = new AbortController();
  response.once('close', () => aborter.abort());
  const container = query.get('container');
  const tailLines = integer(query, 'tailLines');
  const sinceSeconds = integer(query, 'sinceSeconds');
  const follow = boolean(query, 'follow') ?? false;
  const lines = podLog(pod, {
    ...(container === null ? {} : { container }),
    follow,
    previous: boolean(query, 'previous') ?? false,
    timestamps: boolean(query, 'timestamps') ?? false,
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    signal: aborter.signal,
  });
  // Headers go with the first piece, so that a refusal is still answered as an error; a follower gets them at once.
  const begin = () => {
    if (!response.headersSent) response.writeHead(200, exchange.headers('text/plain'));
  };
  if (follow) {
    begin();
    response.flushHeaders();
  }
  for await (const text of lines) {
    begin();
    response.write(text);
  }
  begin();
  response.end();
}
