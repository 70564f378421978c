import { CORE_OPTIONS, describeConfiguration, sampleConfig } from '@kuryr-l7/config';
import {
  type ControllerConfigurationRequest,
  loadControllerConfiguration,
} from '../configuration/controller-configuration.js';
import { BUILT_IN_DRIVERS, BUILT_IN_HANDLERS } from '../plugins/built-in-plugins.js';
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

/** A kuryr.conf with every option of this program and of its own plugins, each explained and set to its default. */
export async function sampleConfigCommand(output: Output): Promise<number> {
  const plugins = await Promise.all(
    [...BUILT_IN_HANDLERS.values(), ...BUILT_IN_DRIVERS.values()].map((load) => load()),
  );
  output.out(sampleConfig([...CORE_OPTIONS, ...plugins.flatMap(({ options }) => options ?? [])]));
  return EXIT.ok;
}
