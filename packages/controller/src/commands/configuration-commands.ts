import { describeConfiguration, sampleConfig } from '@kuryr-l7/config';
import {
  allOptions,
  type ControllerConfigurationRequest,
  loadControllerConfiguration,
} from '../configuration/controller-configuration.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';

/** Reads kuryr.conf as `run` would, and says what is wrong with it and what is in effect. */
export async function checkConfigCommand(request: ControllerConfigurationRequest, output: Output): Promise<number> {
  const { configuration, notices, sources } = await loadControllerConfiguration(request);
  for (const { level, message } of notices) output.error(`${level}: ${message}`);
  output.out(
    sources.length === 0 ? '# no configuration file found: defaults and environment' : `# ${sources.join(', ')}`,
  );
  for (const line of describeConfiguration(configuration)) output.out(line);
  return EXIT.ok;
}

/**
 * A kuryr.conf with every option of this program and of its own plugins, each explained and set to its default; with a
 * kuryr.conf, also of the plugins of others that it names.
 */
export async function sampleConfigCommand(
  request: ControllerConfigurationRequest | undefined,
  output: Output,
): Promise<number> {
  output.out(sampleConfig(await allOptions(request)));
  return EXIT.ok;
}
