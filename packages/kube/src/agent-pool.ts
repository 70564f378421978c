import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import type { Credentials } from './credentials.js';

/** Milliseconds after which TCP looks whether a silent peer is still there. */
const KEEP_ALIVE_PROBE = 30_000;

/** One agent with connections kept alive for each set of certificates: a new set makes a new agent, the old one runs dry. */
export class AgentPool {
  #agent: Agent | undefined;
  #credentials: Credentials | undefined;
  #fingerprint = '';
  readonly #retired = new Set<Agent>();

  constructor(private readonly protocol: string) {}

  agentFor(credentials: Credentials): Agent {
    if (this.#agent !== undefined && credentials === this.#credentials) return this.#agent;
    const fingerprint = fingerprintOf(credentials);
    this.#credentials = credentials;
    if (this.#agent !== undefined && fingerprint === this.#fingerprint) return this.#agent;
    if (this.#agent !== undefined) this.#retire(this.#agent);
    this.#fingerprint = fingerprint;
    this.#agent = this.#create(credentials);
    return this.#agent;
  }

  dropIdleConnections(): void {
    if (this.#agent !== undefined) destroyIdle(this.#agent);
  }

  close(): void {
    for (const agent of this.#retired) agent.destroy();
    this.#agent?.destroy();
    this.#retired.clear();
  }

  #create(credentials: Credentials): Agent {
    if (credentials.proxyAgent !== undefined) return Object.assign(credentials.proxyAgent, { keepAlive: true });
    const options = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_PROBE };
    // Node's two agents differ in the connection they make, and to the type checker in `options`, which both have.
    if (this.protocol === 'http:') return Object.assign(new HttpAgent(options), { options });
    return new Agent({ ...options, ...credentials.tls });
  }

  /** Running requests (watches) end as they are; their connections are not used again. */
  #retire(agent: Agent): void {
    this.#retired.add(agent);
    destroyIdle(agent);
    agent.on('free', () => {
      setImmediate(() => {
        destroyIdle(agent);
        if (Object.keys(agent.sockets).length === 0) this.#retired.delete(agent);
      });
    });
  }
}

function destroyIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

function fingerprintOf({ tls }: Credentials): string {
  const hash = createHash('sha256');
  for (const value of [tls.ca, tls.cert, tls.key, tls.pfx, tls.passphrase, tls.rejectUnauthorized, tls.servername]) {
    hash
      .update(Buffer.isBuffer(value) || typeof value === 'string' ? value : JSON.stringify(value ?? null))
      .update('\0');
  }
  return hash.digest('hex');
}
