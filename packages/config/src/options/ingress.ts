import type { Option } from '../option.js';
import { boolean } from '../types/boolean.js';
import { integer } from '../types/number.js';
import { optional } from '../types/optional.js';
import { string } from '../types/string.js';
import { tagText } from '../types/tag-text.js';

const group = 'ingress';

export const L7_ROUTER_UUID: Option<string | undefined> = {
  group,
  name: 'l7_router_uuid',
  type: optional(string()),
  default: undefined,
  help:
    'UUID of the L7 router: the load balancer, made beforehand by an administrator, that all Ingresses of the cluster are ' +
    'routed by. Not set by default; the local driver does not need it, nor does a cluster in which nothing is routed.',
};

export const INGRESS_CLASS: Option<string> = {
  group,
  name: 'ingress_class',
  type: string(),
  default: 'kuryr-l7',
  help:
    'Name of our class: for the annotation kubernetes.io/ingress.class, and for spec.ingressClassName while no ' +
    'IngressClass object has that name. The default is the name of the command.',
};

export const CONTROLLER_NAME: Option<string> = {
  group,
  name: 'controller_name',
  type: string(),
  default: 'openstack.org/kuryr-l7',
  help:
    'An IngressClass is ours if its spec.controller is this. Change it to run two controllers in one cluster. The default ' +
    "is in Kuryr's own domain.",
};

export const HANDLE_CLASSLESS: Option<boolean> = {
  group,
  name: 'handle_classless',
  type: boolean(),
  default: true,
  help:
    'Route Ingresses that have no class at all. On by default, as Kuryr knew no classes; turn it off where another ' +
    'Ingress controller runs in the cluster.',
};

export const HOST_OWNERSHIP: Option<boolean> = {
  group,
  name: 'host_ownership',
  type: boolean(),
  default: true,
  help:
    'A host belongs to the namespace of the oldest Ingress that names it; rules for it from other namespaces are refused ' +
    "with an Event. On by default, so that no tenant can take over another's host.",
};

export const RESYNC_PERIOD: Option<number> = {
  group,
  name: 'resync_period',
  type: integer({ minimum: 1 }),
  default: 300,
  help:
    'Seconds between two full comparisons with the router, and with the load balancer of each Service, which find and ' +
    'undo what somebody else changed there. The default keeps the load on the API of the router low.',
};

export const COALESCE_WINDOW: Option<number> = {
  group,
  name: 'coalesce_window',
  type: integer({ minimum: 0, maximum: 60_000 }),
  default: 20,
  help:
    'Milliseconds to wait after a change for others that come with it, so that they are written to the router together. ' +
    'The default is too short to be noticed and long enough for one kubectl apply of several objects.',
};

export const CLUSTER_ID: Option<string> = {
  group,
  name: 'cluster_id',
  type: tagText({ maximumLength: 64 }),
  default: 'kubernetes',
  help:
    'Name of this cluster in the tag kuryr-cluster=<id> of everything created in OpenStack. Only what has this tag is ' +
    'changed or deleted. Clusters whose objects are in one OpenStack project need different ones: each would take what the ' +
    "other made for its own, and delete it. The default, kube-controller-manager's cluster name, is refused where vif is " +
    'among the handlers or lb_service_types is not empty. Take the uid of the namespace kube-system, or for a cluster of ' +
    'Magnum its uuid.',
};

/** The options of section `[ingress]`. */
export const INGRESS_OPTIONS: readonly Option[] = [
  L7_ROUTER_UUID,
  INGRESS_CLASS,
  CONTROLLER_NAME,
  HANDLE_CLASSLESS,
  HOST_OWNERSHIP,
  RESYNC_PERIOD,
  COALESCE_WINDOW,
  CLUSTER_ID,
];
