import { type Configuration, type L7RouterDriver, type Logger, type SharedCloud, TOKENS } from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { checkedOptions } from './checked-options.js';
import { asRouterError } from './cloud-errors.js';
import type { OctaviaRouter } from './router/octavia-router.js';
import { openOctaviaRouter } from './router/open-octavia-router.js';

/** Opens the load balancer that `[ingress] l7_router_uuid` names, in the cloud that `[neutron]` of kuryr.conf says. */
@injectable()
export class OctaviaDriver implements L7RouterDriver {
  readonly name = 'octavia';

  constructor(
    @inject(TOKENS.configuration) private readonly configuration: Configuration,
    @inject(TOKENS.cloud) private readonly cloud: SharedCloud,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {}

  async open(signal: AbortSignal): Promise<OctaviaRouter> {
    const { settings, certificates } = await checkedOptions(this.configuration);
    const cloud = await this.cloud.open().catch((error: unknown) => {
      throw asRouterError(error, 'open the cloud');
    });
    return await openOctaviaRouter(cloud, settings, signal, {
      logger: this.logger,
      ...(certificates !== undefined && { certificates }),
    });
  }
}
