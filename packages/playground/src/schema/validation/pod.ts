import type { Causes } from '../causes.js';
import { isObject, type JsonObject, jsonEqual, objectAt } from '../json.js';
import { updateEach, without } from '../json-update.js';
import { validatePodSpec } from './pod-spec.js';

const CHANGED =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A Pod's specification hardly changes once it is there. */
export function validatePod(causes: Causes, pod: JsonObject, old: JsonObject | undefined): void {
  const spec = objectAt(pod, 'spec');
  validatePodSpec(causes, 'spec', spec);
  const before = old?.spec;
  if (isObject(before) && !jsonEqual(fixedPart(spec, before), fixedPart(before, before))) {
    causes.forbidden('spec', CHANGED);
  }
}

/**
 * The part of `spec` that must stay. The node of a Pod is set once; a scheduler does it by the `binding` subresource, which the
 * playground leaves out: there, an update does it.
 */
function fixedPart(spec: JsonObject, before: JsonObject): JsonObject {
  const free = ['activeDeadlineSeconds', 'terminationGracePeriodSeconds', 'tolerations'];
  const unbound = (before.nodeName ?? '') === '' ? [...free, 'nodeName'] : free;
  const withoutImage = (container: JsonObject) => without(container, 'image');
  return updateEach(updateEach(without(spec, ...unbound), 'containers', withoutImage), 'initContainers', withoutImage);
}
