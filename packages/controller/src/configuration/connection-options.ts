import {
  API_ROOT,
  type Configuration,
  KUBECONFIG,
  KUBECONFIG_CONTEXT,
  type Option,
  SSL_CA_CRT_FILE,
  SSL_CLIENT_CRT_FILE,
  SSL_CLIENT_KEY_FILE,
  SSL_VERIFY_SERVER_CRT,
  TOKEN_FILE,
} from '@kuryr-l7/config';
import type { ConnectionOptions } from '@kuryr-l7/kube';

/** How kuryr.conf says that the API server is reached. */
export function connectionOptions(configuration: Configuration): ConnectionOptions {
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
