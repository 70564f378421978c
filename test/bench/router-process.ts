import { createLocalRouter } from '@kuryr-l7/driver-local';
import { hostRule } from '@kuryr-l7/router';

/** A local router with one route, in a process of its own: `router-process.js BACKEND_PORT HOST`. */
const [, , backendPort = '0', host = ''] = process.argv;
const source = { kind: 'Ingress', namespace: 'bench', name: 'bench' };
const router = await createLocalRouter({ httpPort: 0 });
const [listener] = router.description.listeners;
if (listener === undefined || router.replace === undefined) throw new Error('the local router has no listener');
await router.replace(
  {
    listeners: [
      {
        ...listener,
        policies: [
          {
            key: `${host}|Prefix|/`,
            action: 'REDIRECT_TO_POOL',
            redirectPool: 'bench',
            enabled: true,
            rules: [hostRule(host)],
            source,
          },
        ],
      },
    ],
    pools: [
      {
        name: 'bench',
        protocol: 'HTTP',
        lbAlgorithm: 'ROUND_ROBIN',
        members: [{ address: '127.0.0.1', port: Number(backendPort), weight: 1, backup: false }],
        source,
      },
    ],
  },
  new AbortController().signal,
);
process.on('SIGTERM', () => void router.close().then(() => process.exit(0)));
process.send?.({ port: listener.port });
