import type { ApiObject } from '../../api-server/api-object.js';
import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import type { TableColumn } from '../../api-server/types.js';

export function tableColumns(_definition: ResourceDefinition): readonly TableColumn[] {
  return [{ name: 'Name', type: 'string', format: 'name', description: 'Name', priority: 0 }];
}

export function tableCells(_definition: ResourceDefinition, object: ApiObject, _now: number): readonly unknown[] {
  return [object.metadata.name];
}
