import type { WriteOptions } from './api-client.js';
import { badRequest, invalid } from './api-error.js';
import type { ApiObject } from './api-object.js';
import type { Backend } from './backend.js';
import { metadataCauses } from './metadata-validation.js';
import type { ResourceDefinition } from './resource-definition.js';

/**
 * Defaults, hooks and validation of a write, in that order. Throws an ApiError: 422 with every cause, 400 for unknown fields under strict
 * field validation.
 */
export function admitObject(
  backend: Backend,
  definition: ResourceDefinition,
  object: ApiObject,
  old: ApiObject | undefined,
  options: WriteOptions,
): ApiObject {
  const fieldValidation = options.fieldValidation ?? 'Warn';
  const admission = backend.schema.admit(definition, object, {
    operation: old === undefined ? 'create' : 'update',
    subresource: options.subresource ?? '',
    ...(old === undefined ? {} : { old }),
    fieldValidation,
  });
  if (admission.strictErrors.length > 0) {
    const { kind, version } = definition;
    const errors = admission.strictErrors.join(', ');
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${errors}`,
    );
  }
  const causes = [...metadataCauses(definition, admission.object, old), ...admission.causes];
  if (causes.length > 0) throw invalid(definition, object.metadata.name, causes);
  for (const warning of admission.warnings) options.onWarning?.(warning);
  return backend.admissionHooks.reduce((admitted, hook) => hook(definition, admitted, old), admission.object);
}
