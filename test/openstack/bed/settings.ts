/** What distinguishes one bed from another on the same machine: ports, address ranges and its password. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { BedError } from './bed-error.js';
import { STATE } from './folders.js';

/** Below the ports that Linux gives out by itself. */
const FIRST_PORT = 19600;
const PORTS = [
  'identity',
  'network',
  'keyManager',
  'loadBalancer',
  'rabbitmq',
  'rabbitmqDistribution',
  'epmd',
  'heartbeat',
] as const;
const SLOTS = 16;

export interface Settings {
  /** Which sixteenth of the ports and addresses this bed has. */
  readonly slot: number;
  /** Of every user; random, so that nobody else on this machine can use the bed. */
  readonly password: string;
}

export function portsOf({ slot }: Settings): Readonly<Record<(typeof PORTS)[number], number>> {
  const port = (name: (typeof PORTS)[number]) => FIRST_PORT + slot * 10 + PORTS.indexOf(name);
  return {
    identity: port('identity'),
    network: port('network'),
    keyManager: port('keyManager'),
    loadBalancer: port('loadBalancer'),
    rabbitmq: port('rabbitmq'),
    rabbitmqDistribution: port('rabbitmqDistribution'),
    epmd: port('epmd'),
    heartbeat: port('heartbeat'),
  };
}

export function endpointsOf(settings: Settings) {
  const ports = portsOf(settings);
  return {
    identity: `http://127.0.0.1:${ports.identity}/v3`,
    network: `http://127.0.0.1:${ports.network}`,
    keyManager: `http://127.0.0.1:${ports.keyManager}`,
    loadBalancer: `http://127.0.0.1:${ports.loadBalancer}`,
  };
}

/** The loopback ranges of VIPs (127.100), of cluster nodes (127.110) and of floating IPs (127.200): /20 of each. */
export function rangesOf({ slot }: Settings) {
  const range = (second: number) => ({
    cidr: `127.${second}.${slot * 16}.0/20`,
    gateway: `127.${second}.${slot * 16}.1`,
  });
  return { vips: range(100), nodes: range(110), floating: range(200) };
}

function readSettings(): Settings | undefined {
  const file = join(STATE, 'settings.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** The settings of this bed: those it has, or new ones with the first slot whose ports nobody uses. */
export async function ensureSettings(): Promise<Settings> {
  const settings = readSettings() ?? { slot: await freeSlot(), password: randomBytes(16).toString('hex') };
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  writeFileSync(join(STATE, 'settings.json'), `${JSON.stringify(settings)}\n`, { mode: 0o600 });
  return settings;
}

async function freeSlot(): Promise<number> {
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const ports = Object.values(portsOf({ slot, password: '' }));
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return slot;
  }
  throw new BedError(`Every range of ports that a bed could use, from ${FIRST_PORT}, is in use on this machine.`);
}

/** Whether nobody listens on a port of 127.0.0.1. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
