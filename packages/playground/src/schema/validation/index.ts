import type { ResourceDefinition } from '../../api-server/resource-definition.js';
import type { AdmissionContext, StatusCause } from '../../api-server/types.js';
import { Causes } from '../causes.js';
import type { JsonObject } from '../json.js';
import type { ObjectSchema } from '../schema.js';

type Validation = (causes: Causes, object: JsonObject, old: JsonObject | undefined) => void;

const VALIDATIONS: Readonly<Record<string, Validation>> = {};
const STATUS_VALIDATIONS: Readonly<Record<string, Validation>> = {};

/** Why the object can't be stored; empty when it can. Metadata that every kind shares is not looked at here. */
export function validateKind(
  definition: ResourceDefinition,
  _schema: ObjectSchema,
  object: JsonObject,
  old: JsonObject | undefined,
  subresource: AdmissionContext['subresource'],
): readonly StatusCause[] {
  const causes = new Causes();
  const validations = subresource === 'status' ? STATUS_VALIDATIONS : VALIDATIONS;
  validations[`${definition.group}/${definition.kind}`]?.(causes, object, old);
  return causes.list;
}
