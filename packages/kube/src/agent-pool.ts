import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Credentials } from './credentials.js';

/** Milliseconds after which TCP looks whether a silent peer is still there. */
const KEEP_ALIVE_PROBE = 30_000;

/** The agent for the protocol of the API server, in the form that got takes. */
type Agents = { http: HttpAgent } | { https: HttpsAgent };

/** One agent with connections kept alive for each set of certificates: a new set makes a new agent, the old one runs dry. */
export class AgentPool {
  #agents: Agents | undefined;
  #credentials: Credentials | undefined;
  #fingerprint = '';
  readonly #retired = new Set<HttpAgent>();

  constructor(private readonly protocol: string) {}

  agentsFor(credentials: Credentials): Agents {
    if (this.#agents !== undefined && credentials === this.#credentials) return this.#agents;
    const fingerprint = fingerprintOf(credentials);
    this.#credentials = credentials;
    if (this.#agents !== undefined && fingerprint === this.#fingerprint) return this.#agents;
    if (this.#agents !== undefined) this.#retire(agentOf(this.#agents));
    this.#fingerprint = fingerprint;
    this.#agents = this.#create(credentials);
    return this.#agents;
  }

  dropIdleConnections(): void {
    if (this.#agents !== undefined) destroyIdle(agentOf(this.#agents));
  }

  close(): void {
    for (const agent of this.#retired) agent.destroy();
    if (this.#agents !== undefined) agentOf(this.#agents).destroy();
    this.#retired.clear();
  }

  #create({ proxyAgent, tls }: Credentials): Agents {
    const options = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_PROBE };
    if (this.protocol === 'http:') return { http: keptAlive(proxyAgent) ?? new HttpAgent(options) };
    return { https: keptAlive(proxyAgent) ?? new HttpsAgent({ ...options, ...tls }) };
  }

  /** Running requests (watches) end as they are; their connections are not used again. */
  #retire(agent: HttpAgent): void {
    destroyIdle(agent);
    if (Object.keys(agent.sockets).length === 0) return;
    this.#retired.add(agent);
    agent.on('free', () => {
      setImmediate(() => {
        destroyIdle(agent);
        if (Object.keys(agent.sockets).length === 0) this.#retired.delete(agent);
      });
    });
  }
}

/** client-node makes agents that close each connection after its request. */
function keptAlive(agent: HttpsAgent | undefined): HttpsAgent | undefined {
  return agent === undefined ? undefined : Object.assign(agent, { keepAlive: true });
}

function agentOf(agents: Agents): HttpAgent {
  return 'http' in agents ? agents.http : agents.https;
}

function destroyIdle(agent: HttpAgent): void {
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
