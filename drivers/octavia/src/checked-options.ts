import { L7_ROUTER_UUID, uuid } from '@kuryr-l7/config';
import { type Configuration, ConfigurationError } from '@kuryr-l7/plugin';
import { certificateFiles } from './certificate-files.js';
import { configuredSettings } from './configured-settings.js';
import type { OctaviaSettings } from './settings.js';
import type { ListenerCertificates } from './tls/listener-certificates.js';

export interface CheckedOptions {
  readonly settings: OctaviaSettings;
  readonly certificates: ListenerCertificates | undefined;
}

/**
 * What kuryr.conf says, and the certificate in the files that it names; all that is wrong with it and can be told without
 * the cloud is told here.
 *
 * @throws ConfigurationError
 */
export async function checkedOptions(configuration: Configuration): Promise<CheckedOptions> {
  const settings = configuredSettings(configuration);
  refuseName(settings.loadBalancerId);
  return { settings, certificates: await certificateFiles(configuration) };
}

/** Octavia would look for a load balancer with that id and say that there is none. */
function refuseName(id: string): void {
  try {
    uuid().parse(id);
  } catch (cause) {
    throw new ConfigurationError(
      `[${L7_ROUTER_UUID.group}] ${L7_ROUTER_UUID.name} = ${id} is not a UUID. If it is the name of the load balancer, "openstack loadbalancer show -c id -f value ${id}" tells its UUID`,
      { cause },
    );
  }
}
