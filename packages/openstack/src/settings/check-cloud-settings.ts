import type { Configuration } from '@kuryr-l7/config';
import { TlsFiles } from '../transport/tls-files.js';
import type { CloudsFileSearch } from './clouds-file.js';
import { configuredSettings } from './configured-settings.js';

/**
 * Finds what is wrong with `[neutron]`, with clouds.yaml where it names a cloud of that, and with the certificate files: all
 * that can be told without the cloud.
 *
 * @throws CloudConfigurationError naming the option that is missing or wrong
 */
export async function checkCloudSettings(configuration: Configuration, search?: CloudsFileSearch): Promise<void> {
  const { tls, origin } = await configuredSettings(configuration, search);
  await new TlsFiles(tls, origin).current();
}
