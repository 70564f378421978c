import type { Option } from '@kuryr-l7/config';
import type { Newable } from 'inversify';
import type { Handler } from './handler.js';
import type { L7RouterDriver } from './l7-router-driver.js';

/** Default export of a handler's package. The class is made by inversify, once, with what it asks for by {@link TOKENS}. */
export interface HandlerPlugin {
  readonly type: 'handler';
  /** The name in `[kubernetes] enabled_handlers`. */
  readonly name: string;
  /** Version of this interface that the plugin was written for. */
  readonly pluginApi: 1;
  readonly options?: readonly Option[];
  readonly handler: Newable<Handler>;
}

/** Default export of an L7 router driver's package. */
export interface L7RouterDriverPlugin {
  readonly type: 'l7-router-driver';
  /** The name in `[kubernetes] l7_router_driver`. */
  readonly name: string;
  readonly pluginApi: 1;
  readonly options?: readonly Option[];
  readonly driver: Newable<L7RouterDriver>;
}

export type Plugin = HandlerPlugin | L7RouterDriverPlugin;
