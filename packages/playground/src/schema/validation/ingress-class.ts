import { dnsLabelProblems, dnsSubdomainProblems, httpPathProblems } from '../../name-rules.js';
import type { Causes } from '../causes.js';
import { isObject, type JsonObject, objectAt, stringAt } from '../json.js';
import { validateReference } from './ingress.js';

const CONTROLLER_LIMIT = 250;

/** As k8s.io/kubernetes, pkg/apis/networking/validation. The controller of a class never changes. */
export function validateIngressClass(causes: Causes, ingressClass: JsonObject, old: JsonObject | undefined): void {
  const spec = objectAt(ingressClass, 'spec');
  const controller = stringAt(spec, 'controller') ?? '';
  if (old !== undefined && (stringAt(objectAt(old, 'spec'), 'controller') ?? '') !== controller) {
    causes.invalid('spec.controller', controller, 'field is immutable');
  }
  if (controller === '') causes.required('spec.controller');
  else validateController(causes, controller);
  if (isObject(spec.parameters)) validateParameters(causes, 'spec.parameters', spec.parameters);
}

/** `example.com/name`. */
function validateController(causes: Causes, controller: string): void {
  const field = 'spec.controller';
  if (controller.length > CONTROLLER_LIMIT) causes.tooLong(field, CONTROLLER_LIMIT);
  const [, domain = '', path = ''] = /^([^/]*)\/(.*)$/.exec(controller) ?? [];
  if (domain === '' || path === '') {
    causes.invalid(field, controller, 'must be a domain-prefixed path (such as "acme.io/foo")');
    return;
  }
  causes.invalidEach(field, domain, dnsSubdomainProblems(domain));
  causes.invalidEach(field, path, httpPathProblems(path));
}

function validateParameters(causes: Causes, field: string, parameters: JsonObject): void {
  validateReference(causes, field, parameters);
  const scope = stringAt(parameters, 'scope');
  const namespace = stringAt(parameters, 'namespace');
  if (scope === undefined) causes.required(`${field}.scope`);
  else if (scope === 'Cluster') {
    if (namespace !== undefined) causes.forbidden(`${field}.namespace`, "`parameters.scope` is set to 'Cluster'");
  } else if (scope !== 'Namespace') causes.notSupported(`${field}.scope`, scope, ['Cluster', 'Namespace']);
  else if (namespace === undefined) causes.required(`${field}.namespace`, "`parameters.scope` is set to 'Namespace'");
  else causes.invalidEach(`${field}.namespace`, namespace, dnsLabelProblems(namespace));
}
