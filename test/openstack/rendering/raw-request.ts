import { Agent, request } from 'node:http';
import type { ListenerAddress } from './rendering.js';

/** A request as it goes over the wire: nothing is normalised, nothing is encoded. */
export interface RawRequest {
  /** The Host header. */
  readonly host: string;
  /** What follows the method: path and query, or an absolute URL. */
  readonly target: string;
}

/** What came back: the body of a 200, else the status, and behind it where to a redirect leads. */
export type RawAnswer = string | number;

/** Sends the requests one after the other, over one connection. */
export async function ask(
  { address, port }: ListenerAddress,
  requests: readonly RawRequest[],
): Promise<readonly RawAnswer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const answers: RawAnswer[] = [];
    for (const { host, target } of requests) {
      answers.push(await send(agent, { address, port, host, target }));
    }
    return answers;
  } finally {
    agent.destroy();
  }
}

function send(agent: Agent, to: RawRequest & { readonly address: string; readonly port: number }): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { address, port, host, target } = to;
    const sent = request({ agent, host: address, port, path: target, headers: { host } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      const { statusCode = 0, headers } = response;
      const answer = headers.location === undefined ? statusCode : `${statusCode} ${headers.location}`;
      response.on('error', reject).on('end', () => resolve(statusCode === 200 ? body : answer));
    });
    sent.on('error', reject).end();
  });
}
