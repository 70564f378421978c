import { request } from 'node:http';
import { connect } from 'node:net';
import type { HealthMonitor } from '@kuryr-l7/router';
import { isExpectedCode } from './expected-codes.js';

/** Asks a member once whether it is well. Cut off by the signal, it was not. */
export type Probe = (member: { address: string; port: number }, signal: AbortSignal) => Promise<boolean>;

/** HTTP: the expected status came. TCP: a connection was accepted. */
export function createProbe(monitor: HealthMonitor): Probe {
  return monitor.type === 'TCP' ? probeTcp : (member, signal) => probeHttp(monitor, member, signal);
}

const probeTcp: Probe = ({ address, port }, signal) =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, signal });
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
  });

function probeHttp(
  monitor: HealthMonitor,
  { address, port }: { address: string; port: number },
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request({
      host: address,
      port,
      method: monitor.httpMethod ?? 'GET',
      path: monitor.urlPath ?? '/',
      agent: false,
      signal,
      headers: { 'user-agent': 'kuryr-l7 health monitor' },
    });
    probe.once('response', (response) => {
      resolve(isExpectedCode(monitor.expectedCodes, response.statusCode ?? 0));
      response.destroy();
    });
    probe.on('error', () => resolve(false));
    probe.end();
  });
}
