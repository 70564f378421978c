import type { ApiObject } from '../../api-server/api-object.js';
import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import type { TableColumn } from '../../api-server/types.js';
import { toJson } from '../api-object-json.js';
import {
  CONFIG_MAP_COLUMNS,
  CUSTOM_RESOURCE_DEFINITION_COLUMNS,
  EVENT_COLUMNS,
  LEASE_COLUMNS,
  NAMESPACE_COLUMNS,
  NODE_COLUMNS,
  SECRET_COLUMNS,
  SERVICE_ACCOUNT_COLUMNS,
} from './cluster-columns.js';
import { AGE, type Column, NAME } from './column.js';
import { customColumns } from './custom-columns.js';
import {
  ENDPOINT_SLICE_COLUMNS,
  ENDPOINTS_COLUMNS,
  INGRESS_CLASS_COLUMNS,
  INGRESS_COLUMNS,
  SERVICE_COLUMNS,
} from './network-columns.js';
import { DEPLOYMENT_COLUMNS, POD_COLUMNS, REPLICA_SET_COLUMNS } from './workload-columns.js';

/** The columns of the real server's printers (k8s.io/kubernetes, pkg/printers/internalversion), by group and kind. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  '/ConfigMap': CONFIG_MAP_COLUMNS,
  '/Endpoints': ENDPOINTS_COLUMNS,
  '/Event': EVENT_COLUMNS,
  '/Namespace': NAMESPACE_COLUMNS,
  '/Node': NODE_COLUMNS,
  '/Pod': POD_COLUMNS,
  '/Secret': SECRET_COLUMNS,
  '/Service': SERVICE_COLUMNS,
  '/ServiceAccount': SERVICE_ACCOUNT_COLUMNS,
  'apiextensions.k8s.io/CustomResourceDefinition': CUSTOM_RESOURCE_DEFINITION_COLUMNS,
  'apps/Deployment': DEPLOYMENT_COLUMNS,
  'apps/ReplicaSet': REPLICA_SET_COLUMNS,
  'coordination.k8s.io/Lease': LEASE_COLUMNS,
  'discovery.k8s.io/EndpointSlice': ENDPOINT_SLICE_COLUMNS,
  'events.k8s.io/Event': EVENT_COLUMNS,
  'networking.k8s.io/Ingress': INGRESS_COLUMNS,
  'networking.k8s.io/IngressClass': INGRESS_CLASS_COLUMNS,
};

/** What `kubectl get` asks for; columns of priority 1 are for `-o wide`. */
export function tableColumns(definition: ResourceDefinition): readonly TableColumn[] {
  return columnsOf(definition).map(({ cell: _cell, ...column }) => column);
}

export function tableCells(definition: ResourceDefinition, object: ApiObject, now: number): readonly unknown[] {
  const json = toJson(object);
  return columnsOf(definition).map((column) => column.cell(json, now));
}

function columnsOf(definition: ResourceDefinition): readonly Column[] {
  if (definition.custom !== undefined) return customColumns(definition.custom.printerColumns);
  return COLUMNS[`${definition.group}/${definition.kind}`] ?? [NAME, AGE];
}
