import { type L7Router, type L7RouterDriver, type L7RouterDriverPlugin, RouterRefusedError } from '@kuryr-l7/plugin';
import { emptyRouter, FULL_CAPABILITIES } from '@kuryr-l7/router';
import { injectable } from 'inversify';

/** Stands for the L7 router where nothing is ever routed: it has no listener, so that nothing can be on it. */
@injectable()
class NoRouterDriver implements L7RouterDriver {
  readonly name = 'none';

  async open(): Promise<L7Router> {
    return {
      description: { id: 'none', name: 'none', addresses: [], listeners: [], addressFamily: 'IPv4' },
      capabilities: { ...FULL_CAPABILITIES, atomicReplace: false },
      snapshot: async () => emptyRouter([]),
      apply: async () => {
        throw new RouterRefusedError('no L7 router is configured: set [ingress] l7_router_uuid');
      },
      close: async () => undefined,
    };
  }
}

/** Of no option: it is used where no handler that is enabled routes, and no router is configured. */
export const NO_ROUTER: L7RouterDriverPlugin = {
  type: 'l7-router-driver',
  name: 'none',
  pluginApi: 1,
  driver: NoRouterDriver,
};
