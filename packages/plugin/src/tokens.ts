import type { Configuration } from '@kuryr-l7/config';
import type { KubernetesWriter, Logger } from '@kuryr-l7/kube';
import type { ServiceIdentifier } from 'inversify';
import type { DesiredRouter } from './desired-router.js';

/** What a plugin's class can be given: `constructor(@inject(TOKENS.logger) private readonly logger: Logger)`. */
export const TOKENS = {
  configuration: Symbol.for('@kuryr-l7/configuration') as ServiceIdentifier<Configuration>,
  logger: Symbol.for('@kuryr-l7/logger') as ServiceIdentifier<Logger>,
  kubernetes: Symbol.for('@kuryr-l7/kubernetes') as ServiceIdentifier<KubernetesWriter>,
  desiredRouter: Symbol.for('@kuryr-l7/desired-router') as ServiceIdentifier<DesiredRouter>,
} as const;
