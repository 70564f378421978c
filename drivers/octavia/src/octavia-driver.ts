import { openCloud } from '@kuryr-l7/openstack';
import { type Configuration, type L7RouterDriver, type Logger, TOKENS } from '@kuryr-l7/plugin';
import { inject, injectable } from 'inversify';
import { certificateFiles } from './certificate-files.js';
import { asRouterError } from './cloud-errors.js';
import { configuredSettings } from './configured-settings.js';
import type { OctaviaRouter } from './router/octavia-router.js';
import { openOctaviaRouter } from './router/open-octavia-router.js';

/** Opens the load balancer that `[ingress] l7_router_uuid` names, in the cloud that `[neutron]` of kuryr.conf says. */
@injectable()
export class OctaviaDriver implements L7RouterDriver {
  readonly name = 'octavia';
  readonly #configuration: Configuration;
  readonly #logger: Logger;

  constructor(@inject(TOKENS.configuration) configuration: Configuration, @inject(TOKENS.logger) logger: Logger) {
    this.#configuration = configuration;
    this.#logger = logger;
  }

  async open(signal: AbortSignal): Promise<OctaviaRouter> {
    const settings = configuredSettings(this.#configuration);
    const certificates = await certificateFiles(this.#configuration);
    const cloud = await openCloud(this.#configuration, { logger: this.#logger }).catch((error: unknown) => {
      throw asRouterError(error, 'open the cloud');
    });
    try {
      return await openOctaviaRouter(cloud, settings, signal, {
        logger: this.#logger,
        ...(certificates !== undefined && { certificates }),
      });
    } catch (error) {
      cloud.close();
      throw error;
    }
  }
}
