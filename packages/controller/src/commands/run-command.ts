import { describeConfiguration } from '@kuryr-l7/config';
import {
  type ControllerConfigurationRequest,
  loadControllerConfiguration,
} from '../configuration/controller-configuration.js';
import { startController } from '../controller.js';
import { createLogger } from '../logging/create-logger.js';
import { EXIT } from './exit-status.js';
import { termination, within } from './termination.js';

/** Milliseconds for a stop: longer than one write to a router takes, shorter than a Pod's usual grace of 30 s. */
const STOP_TIME = 20_000;

/** Runs the controller until SIGINT or SIGTERM. */
export async function runCommand(request: ControllerConfigurationRequest): Promise<number> {
  const { configuration, plugins, notices, sources, readAgain } = await loadControllerConfiguration(request);
  const stop = termination();
  // Kept alive when its terminal is closed; with a log file, SIGHUP has that opened anew.
  process.on('SIGHUP', () => undefined);
  const logger = createLogger(configuration);
  const log = logger.child('kuryr.controller');
  log.info(
    sources.length === 0 ? 'no configuration file: defaults and environment' : `configuration of ${sources.join(', ')}`,
  );
  for (const { level, message } of notices) log[level === 'warning' ? 'warn' : 'info'](message);
  for (const line of describeConfiguration(configuration)) log.debug(line);
  const controller = await startController({ configuration, plugins, readAgain, logger: (name) => logger.child(name) });
  if (controller.healthUrl !== undefined) log.info(`probes and metrics at ${controller.healthUrl}`);
  log.info(`${await Promise.race([stop, controller.ended])}: stopping`);
  if (!(await within(STOP_TIME, controller.stop()))) {
    log.warn(`not everything ended within ${STOP_TIME / 1_000} s; what is unfinished is finished by the next start`);
  }
  await logger.close();
  return EXIT.ok;
}
