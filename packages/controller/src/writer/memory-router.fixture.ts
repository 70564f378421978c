import { type L7Router, type L7RouterDriver, RouterRefusedError } from '@kuryr-l7/plugin';
import {
  applyChange,
  type Change,
  ChangeRefusedError,
  emptyRouter,
  FULL_CAPABILITIES,
  type ObservedRouter,
  type Router,
  type RouterCapabilities,
} from '@kuryr-l7/router';

const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;

/** A router in memory that counts writes and fails on demand; it outlives the driver that opens it, as an outside one does. */
export class MemoryRouter implements L7RouterDriver {
  readonly name = 'memory';
  state: ObservedRouter = emptyRouter([LISTENER]);
  readonly writes: Change[] = [];
  snapshots = 0;
  opened = 0;
  closed = 0;
  /** Throws instead of opening. */
  openError: Error | undefined;
  /** Called before a change is made; throws to have it fail. */
  beforeChange: (change: Change) => void | Promise<void> = () => undefined;

  /** Likewise, before everything is exchanged; only with `atomicReplace`. */
  beforeReplace: (desired: Router) => void = () => undefined;

  constructor(readonly capabilities: RouterCapabilities = { ...FULL_CAPABILITIES, atomicReplace: false }) {}

  async open(): Promise<L7Router> {
    if (this.openError !== undefined) throw this.openError;
    this.opened += 1;
    return {
      description: {
        id: 'm',
        name: 'memory',
        addresses: [{ ip: '192.0.2.1' }],
        listeners: [LISTENER],
        addressFamily: 'IPv4',
      },
      capabilities: this.capabilities,
      snapshot: async () => {
        this.snapshots += 1;
        return this.state;
      },
      apply: async (change) => {
        await this.beforeChange(change);
        try {
          this.state = applyChange(this.state, change);
        } catch (error) {
          if (error instanceof ChangeRefusedError) throw new RouterRefusedError(error.message, { cause: error });
          throw error;
        }
        this.writes.push(change);
      },
      ...(this.capabilities.atomicReplace ? { replace: async (desired: Router) => this.#replace(desired) } : {}),
      close: async () => {
        this.closed += 1;
      },
    };
  }

  #replace(desired: Router): void {
    this.beforeReplace(desired);
    this.state = desired;
  }
}
