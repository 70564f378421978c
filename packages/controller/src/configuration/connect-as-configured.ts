import {
  API_ROOT,
  type Configuration,
  ConfigurationValues,
  describeOrigin,
  KUBECONFIG,
  KUBECONFIG_CONTEXT,
  type Option,
  SSL_CA_CRT_FILE,
  SSL_CLIENT_CRT_FILE,
  SSL_CLIENT_KEY_FILE,
  SSL_VERIFY_SERVER_CRT,
  TOKEN_FILE,
} from '@kuryr-l7/config';
import { type Connection, type ConnectionOptions, connect, KubernetesConfigurationError } from '@kuryr-l7/kube';

const CONCERNED = { kubeconfig: KUBECONFIG, context: KUBECONFIG_CONTEXT } as const;

/**
 * Finds the API server that kuryr.conf says.
 * @throws KubernetesConfigurationError naming the option that is wrong and where it was set; KubernetesCredentialsError
 */
export async function connectAsConfigured(configuration: Configuration): Promise<Connection> {
  try {
    return await connect(connectionOptions(configuration));
  } catch (error) {
    if (!(error instanceof KubernetesConfigurationError) || error.concerns === undefined) throw error;
    const option = CONCERNED[error.concerns];
    // It came from $KUBECONFIG or the home directory.
    if (configuration.get(option) === undefined) throw error;
    const where =
      configuration instanceof ConfigurationValues ? `${describeOrigin(configuration.origin(option))}: ` : '';
    throw new KubernetesConfigurationError(`${where}[${option.group}] ${option.name}: ${error.message}`, {
      cause: error,
      concerns: error.concerns,
    });
  }
}

function connectionOptions(configuration: Configuration): ConnectionOptions {
  const given = <Name extends string>(name: Name, option: Option<string | undefined>) => {
    const value = configuration.get(option);
    return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
  };
  return {
    ...given('kubeconfig', KUBECONFIG),
    ...given('context', KUBECONFIG_CONTEXT),
    ...given('apiRoot', API_ROOT),
    ...given('tokenFile', TOKEN_FILE),
    ...given('sslCaCrtFile', SSL_CA_CRT_FILE),
    ...given('sslClientCrtFile', SSL_CLIENT_CRT_FILE),
    ...given('sslClientKeyFile', SSL_CLIENT_KEY_FILE),
    sslVerifyServerCrt: configuration.get(SSL_VERIFY_SERVER_CRT),
  };
}
