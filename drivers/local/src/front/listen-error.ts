import { RouterUnavailableError } from '@kuryr-l7/plugin';
import type { ListenerProtocol } from '@kuryr-l7/router';

/** Says why a port could not be listened on, and what helps. */
export function listenError(
  error: NodeJS.ErrnoException,
  protocol: ListenerProtocol,
  address: string,
  port: number,
): RouterUnavailableError {
  const option = protocol === 'HTTP' ? 'http_port' : 'https_port';
  const [reason, remedy] = explain(error, option);
  return new RouterUnavailableError(`The local router can't listen on ${address} port ${port}: ${reason}. ${remedy}`, {
    cause: error,
  });
}

function explain(error: NodeJS.ErrnoException, option: string): readonly [reason: string, remedy: string] {
  switch (error.code) {
    case 'EADDRINUSE':
      return [
        'another process listens there (EADDRINUSE)',
        `Stop that process, or set [local_router] ${option} to another port (0 picks a free one).`,
      ];
    case 'EACCES':
      return [
        'this process is not allowed to (EACCES)',
        `Set [local_router] ${option} to a port from 1024 on, or give the process CAP_NET_BIND_SERVICE.`,
      ];
    case 'EADDRNOTAVAIL':
      return [
        'this machine does not have the address (EADDRNOTAVAIL)',
        'Set [local_router] bind_address to an address of this machine.',
      ];
    default:
      return [error.message, `See [local_router] bind_address and ${option}.`];
  }
}
