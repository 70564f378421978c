import { labelKeyProblems } from '../../name-rules.js';
import type { Causes } from '../causes.js';
import { type JsonObject, objectAt, stringAt } from '../json.js';

const TEXT_LIMITS = { reportingInstance: 128, action: 128, reason: 128 } as const;
const NOTE_LIMIT = 1024;

/** A core/v1 Event: old clients leave most of it out. */
export function validateCoreEvent(causes: Causes, event: JsonObject): void {
  validateNamespace(causes, event, 'involvedObject');
}

/** An events.k8s.io/v1 Event (k8s.io/kubernetes, pkg/apis/core/validation/events.go): everything that names it is required. */
export function validateEvent(causes: Causes, event: JsonObject, old: JsonObject | undefined): void {
  validateNamespace(causes, event, 'regarding');
  // An Event that core/v1 wrote may be seen and changed here without having all this.
  if (old !== undefined) return;
  if (event.eventTime === undefined) causes.required('eventTime');
  const controller = stringAt(event, 'reportingController') ?? '';
  if (controller === '') causes.required('reportingController');
  else causes.invalidEach('reportingController', controller, labelKeyProblems(controller));
  for (const [field, limit] of Object.entries(TEXT_LIMITS)) {
    const value = stringAt(event, field) ?? '';
    if (value === '') causes.required(field);
    else if (value.length > limit) causes.invalid(field, '', `can have at most ${limit} characters`);
  }
  if ((stringAt(event, 'note') ?? '').length > NOTE_LIMIT) {
    causes.invalid('note', '', `can have at most ${NOTE_LIMIT} characters`);
  }
  const type = stringAt(event, 'type') ?? '';
  if (type !== 'Normal' && type !== 'Warning') causes.invalid('type', '', `has invalid value: ${type}`);
}

/** An Event lives in the namespace of its object; those about cluster-wide objects live in `default`. */
function validateNamespace(causes: Causes, event: JsonObject, reference: string): void {
  const own = stringAt(objectAt(event, 'metadata'), 'namespace') ?? '';
  const other = stringAt(objectAt(event, reference), 'namespace') ?? '';
  if (other === '' ? own === 'default' || own === 'kube-system' : other === own) return;
  causes.invalid('involvedObject.namespace', other, 'does not match event.namespace');
}
