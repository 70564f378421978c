import type { Configuration } from '@kuryr-l7/config';
import { CloudConfigurationError } from '../errors/cloud-configuration-error.js';
import { loginOf } from './auth-options.js';
import type { CloudSettings } from './cloud-settings.js';
import { type CloudsFileSearch, cloudsFileSettings } from './clouds-file-settings.js';
import * as options from './openstack-options.js';

const ORIGIN = '[neutron]';

/**
 * The cloud that `[neutron]` of kuryr.conf describes, itself or by naming one of clouds.yaml.
 *
 * @throws CloudConfigurationError naming the option that is missing or wrong
 */
export async function configuredSettings(
  configuration: Configuration,
  search?: CloudsFileSearch,
): Promise<CloudSettings> {
  if (configuration.get(options.AUTH_SECTION) !== undefined) {
    throw new CloudConfigurationError(
      `${ORIGIN}: auth_section is not supported: write the options of that section into [neutron]`,
    );
  }
  const cloud = configuration.get(options.OS_CLOUD) ?? cloudOfEnvironment(configuration, search);
  const settings = cloud === undefined ? sectionSettings(configuration) : await cloudsFileSettings(cloud, search);
  const region = configuration.get(options.REGION_NAME);
  const endpointInterface = configuration.get(options.ENDPOINT_TYPE);
  return {
    ...settings,
    ...(region === undefined ? {} : { region }),
    ...(endpointInterface === undefined ? {} : { endpointInterface }),
    endpointOverrides: { ...settings.endpointOverrides, ...endpointOverrides(configuration) },
  };
}

/** The variable that OpenStack's own commands read counts where the section says nothing of a cloud. */
function cloudOfEnvironment(configuration: Configuration, search: CloudsFileSearch = {}): string | undefined {
  if (configuration.get(options.AUTH_URL) !== undefined) return undefined;
  const cloud = (search.environment ?? process.env).OS_CLOUD;
  if (cloud !== undefined && cloud !== '') return cloud;
  throw new CloudConfigurationError(
    `${ORIGIN} does not say how to reach OpenStack: set auth_url and the credentials, or os_cloud for a cloud of clouds.yaml`,
  );
}

function sectionSettings(configuration: Configuration): CloudSettings {
  const timeout = configuration.get(options.TIMEOUT);
  const caFile = configuration.get(options.CAFILE);
  const certFile = configuration.get(options.CERTFILE);
  const keyFile = configuration.get(options.KEYFILE);
  return {
    origin: ORIGIN,
    ...loginOf(
      {
        auth_type: configuration.get(options.AUTH_TYPE),
        auth_url: configuration.get(options.AUTH_URL),
        username: configuration.get(options.USERNAME),
        user_id: configuration.get(options.USER_ID),
        password: configuration.get(options.PASSWORD),
        user_domain_name: configuration.get(options.USER_DOMAIN_NAME),
        user_domain_id: configuration.get(options.USER_DOMAIN_ID),
        project_name: configuration.get(options.PROJECT_NAME),
        project_id: configuration.get(options.PROJECT_ID),
        project_domain_name: configuration.get(options.PROJECT_DOMAIN_NAME),
        project_domain_id: configuration.get(options.PROJECT_DOMAIN_ID),
        default_domain_name: configuration.get(options.DEFAULT_DOMAIN_NAME),
        default_domain_id: configuration.get(options.DEFAULT_DOMAIN_ID),
        domain_name: configuration.get(options.DOMAIN_NAME),
        domain_id: configuration.get(options.DOMAIN_ID),
        system_scope: configuration.get(options.SYSTEM_SCOPE),
        trust_id: configuration.get(options.TRUST_ID),
        token: configuration.get(options.TOKEN),
        application_credential_id: configuration.get(options.APPLICATION_CREDENTIAL_ID),
        application_credential_name: configuration.get(options.APPLICATION_CREDENTIAL_NAME),
        application_credential_secret: configuration.get(options.APPLICATION_CREDENTIAL_SECRET),
      },
      ORIGIN,
    ),
    endpointInterface: 'public',
    endpointOverrides: {},
    tls: {
      insecure: configuration.get(options.INSECURE),
      ...(caFile === undefined ? {} : { caFile }),
      ...(certFile === undefined ? {} : { certFile }),
      ...(keyFile === undefined ? {} : { keyFile }),
    },
    ...(timeout === undefined ? {} : { requestTimeout: timeout * 1000 }),
  };
}

function endpointOverrides(configuration: Configuration): CloudSettings['endpointOverrides'] {
  const loadBalancer = configuration.get(options.LOAD_BALANCER_ENDPOINT_OVERRIDE);
  const network = configuration.get(options.NETWORK_ENDPOINT_OVERRIDE);
  const keyManager = configuration.get(options.KEY_MANAGER_ENDPOINT_OVERRIDE);
  return {
    ...(loadBalancer === undefined ? {} : { 'load-balancer': loadBalancer }),
    ...(network === undefined ? {} : { network }),
    ...(keyManager === undefined ? {} : { 'key-manager': keyManager }),
  };
}
