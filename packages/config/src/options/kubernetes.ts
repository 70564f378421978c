import type { Option } from '../option.js';
import { boolean } from '../types/boolean.js';
import { filePath } from '../types/file-path.js';
import { list } from '../types/list.js';
import { float, integer } from '../types/number.js';
import { optional } from '../types/optional.js';
import { string } from '../types/string.js';
import { url } from '../types/url.js';

const group = 'kubernetes';

export const API_ROOT: Option<string | undefined> = {
  group,
  name: 'api_root',
  type: optional(url()),
  default: undefined,
  help:
    'URL of the Kubernetes API server, e.g. https://10.0.0.10:6443; token_file and the ssl_ options go with it. Not set by ' +
    'default: what follows is the kubeconfig that the environment variable KUBECONFIG names, the cluster that the ' +
    'controller runs in, and ~/.kube/config, whichever comes first.',
};

export const SSL_CLIENT_CRT_FILE: Option<string | undefined> = {
  group,
  name: 'ssl_client_crt_file',
  type: optional(filePath()),
  default: undefined,
  help:
    'Client certificate (PEM) to authenticate with at api_root; needs ssl_client_key_file. Not set by default: the token ' +
    'of token_file is the usual way.',
};

export const SSL_CLIENT_KEY_FILE: Option<string | undefined> = {
  group,
  name: 'ssl_client_key_file',
  type: optional(filePath()),
  default: undefined,
  help: 'Private key (PEM) of ssl_client_crt_file. Not set by default, as the certificate is not.',
};

export const SSL_CA_CRT_FILE: Option<string | undefined> = {
  group,
  name: 'ssl_ca_crt_file',
  type: optional(filePath()),
  default: undefined,
  help:
    'Certificates (PEM) of the authorities that may have signed the certificate of the API server at api_root. Not set by ' +
    'default: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt, which Kubernetes mounts into every container, ' +
    'otherwise the authorities that Node.js trusts.',
};

export const SSL_VERIFY_SERVER_CRT: Option<boolean> = {
  group,
  name: 'ssl_verify_server_crt',
  type: boolean(),
  default: true,
  help:
    'Refuse an API server at api_root whose certificate ssl_ca_crt_file does not vouch for. On by default, unlike in ' +
    'Kuryr, as the token would otherwise be sent to whoever answers.',
};

export const TOKEN_FILE: Option<string | undefined> = {
  group,
  name: 'token_file',
  type: optional(filePath()),
  default: undefined,
  help:
    'File with the bearer token for api_root; read again when it is renewed. Not set by default: ' +
    '/var/run/secrets/kubernetes.io/serviceaccount/token, which Kubernetes mounts into every container, where it exists.',
};

export const KUBECONFIG: Option<string | undefined> = {
  group,
  name: 'kubeconfig',
  type: optional(filePath()),
  default: undefined,
  help:
    'A kubeconfig file, for running outside of the cluster; it goes before api_root. Not set by default, as the ' +
    'controller is meant to run in the cluster.',
};

export const KUBECONFIG_CONTEXT: Option<string | undefined> = {
  group,
  name: 'kubeconfig_context',
  type: optional(string()),
  default: undefined,
  help: "Context of the kubeconfig file to use. Not set by default: the file's own current-context.",
};

export const ENABLED_HANDLERS: Option<readonly string[]> = {
  group,
  name: 'enabled_handlers',
  type: list(),
  default: ['lb', 'ingresslb'],
  help:
    'Handlers to run: ours by their short names (lb fills pools with the endpoints of Services, ingresslb turns Ingresses ' +
    'into L7 policies), others by the names of their npm packages. The default is what routing Ingresses takes.',
};

export const ENABLE_INGRESS: Option<boolean> = {
  group,
  name: 'enable_ingress',
  type: boolean(),
  default: true,
  help:
    'Program the L7 router. Where False, the ingresslb handler is left out even if enabled_handlers names it. On by ' +
    'default, as routing Ingresses is what this program is for.',
};

export const L7_ROUTER_DRIVER: Option<string> = {
  group,
  name: 'l7_router_driver',
  type: string(),
  default: 'local',
  help:
    'Driver of the L7 router: one of ours by its short name, any other by the name of its npm package. The default, local, ' +
    'is the router inside this process, which needs nothing else.',
};

export const CONTROLLER_HA: Option<boolean> = {
  group,
  name: 'controller_ha',
  type: boolean(),
  default: false,
  help:
    'Run several controllers of which one is active and the others stand by; the active one holds a Lease. Off by ' +
    'default, as a single controller that is started anew converges by itself.',
};

export const CONTROLLER_HA_LEASE_NAMESPACE: Option<string | undefined> = {
  group,
  name: 'controller_ha_lease_namespace',
  type: optional(string()),
  default: undefined,
  help: 'Namespace of the Lease of controller_ha. Not set by default: the namespace that the controller itself runs in.',
};

export const CONTROLLER_HA_LEASE_NAME: Option<string> = {
  group,
  name: 'controller_ha_lease_name',
  type: string(),
  default: 'kuryr-l7',
  help:
    'Name of the Lease of controller_ha. Controllers that share it are one group of which one is active; give each router ' +
    'of a cluster a name of its own. The default is the name of the command.',
};

export const CONTROLLER_HA_LEASE_DURATION: Option<number> = {
  group,
  name: 'controller_ha_lease_duration',
  type: float({ minimum: 1 }),
  default: 15,
  help:
    'Seconds without a renewal after which a controller that stands by takes the Lease over. The default is that of ' +
    "Kubernetes' own controllers: long enough to outlast a short outage of the API server.",
};

export const CONTROLLER_HA_RENEW_DEADLINE: Option<number> = {
  group,
  name: 'controller_ha_renew_deadline',
  type: float({ minimum: 1 }),
  default: 10,
  help:
    'Seconds after which the active controller stops writing when it could not renew the Lease. Must be less than ' +
    'controller_ha_lease_duration, so that two never write at once; the default leaves 5 seconds between the two.',
};

export const CONTROLLER_HA_RETRY_PERIOD: Option<number> = {
  group,
  name: 'controller_ha_retry_period',
  type: float({ minimum: 0.1 }),
  default: 2,
  help:
    'Seconds between two attempts to take or renew the Lease. The default gives several attempts within ' +
    'controller_ha_renew_deadline.',
};

export const WATCH_RETRY_TIMEOUT: Option<number> = {
  group,
  name: 'watch_retry_timeout',
  type: integer({ minimum: 0 }),
  default: 60,
  help:
    'Seconds that a watch may fail before /readyz reports it. It is tried again for ever, and what is routed stays routed. ' +
    "The default is Kuryr's, which restarted the controller then.",
};

export const WATCH_CONNECTION_TIMEOUT: Option<number> = {
  group,
  name: 'watch_connection_timeout',
  type: integer({ minimum: 1 }),
  default: 30,
  help: "Seconds to wait for a connection to the API server. The default is Kuryr's.",
};

export const WATCH_READ_TIMEOUT: Option<number> = {
  group,
  name: 'watch_read_timeout',
  type: integer({ minimum: 1 }),
  default: 90,
  help:
    'Seconds without a byte from the API server after which a watch is taken for dead and opened anew from where it was: ' +
    'how a connection is found that a firewall dropped silently. The default is longer than the minute between two ' +
    "bookmarks, which come on the quietest watch; Kuryr's 60 would end healthy ones.",
};

export const WATCH_RECONCILE_PERIOD: Option<number> = {
  group,
  name: 'watch_reconcile_period',
  type: integer({ minimum: 0 }),
  default: 120,
  help:
    'Seconds between two runs in which every object is handled anew although nothing changed; 0 never does. What is as it ' +
    "should be is not written again. The default is Kuryr's.",
};

export const USE_EVENTS: Option<boolean> = {
  group,
  name: 'use_events',
  type: boolean(),
  default: true,
  help:
    'Tell the owner of an object by Kubernetes Events what became of it. On by default, as `kubectl describe` is where ' +
    'people look first.',
};

/** The options of section `[kubernetes]`. */
export const KUBERNETES_OPTIONS: readonly Option[] = [
  API_ROOT,
  SSL_CLIENT_CRT_FILE,
  SSL_CLIENT_KEY_FILE,
  SSL_CA_CRT_FILE,
  SSL_VERIFY_SERVER_CRT,
  TOKEN_FILE,
  KUBECONFIG,
  KUBECONFIG_CONTEXT,
  ENABLED_HANDLERS,
  ENABLE_INGRESS,
  L7_ROUTER_DRIVER,
  CONTROLLER_HA,
  CONTROLLER_HA_LEASE_NAMESPACE,
  CONTROLLER_HA_LEASE_NAME,
  CONTROLLER_HA_LEASE_DURATION,
  CONTROLLER_HA_RENEW_DEADLINE,
  CONTROLLER_HA_RETRY_PERIOD,
  WATCH_RETRY_TIMEOUT,
  WATCH_CONNECTION_TIMEOUT,
  WATCH_READ_TIMEOUT,
  WATCH_RECONCILE_PERIOD,
  USE_EVENTS,
];
