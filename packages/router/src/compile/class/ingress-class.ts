import type { CompilerOptions } from '../../compilation.js';
import type { Ingress } from '../../kubernetes.js';
import { isAbsent, recordOf } from '../untrusted.js';

/** Deprecated since Kubernetes 1.18, and still what some tools write (cert-manager's solvers among them). */
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** `spec.controller` of the IngressClasses there are, by name; undefined for a class that names none. */
export type ControllersByClass = ReadonlyMap<string, string | undefined>;

/**
 * Stage 1: is the Ingress ours? The annotation has priority over `spec.ingressClassName` (networking.k8s.io/v1). An empty
 * one of either names no class. The name of our class counts for `ingressClassName` only while no IngressClass object has
 * it: an object that names another controller is that one's.
 */
export function isOurs(ingress: Ingress, controllers: ControllersByClass, options: CompilerOptions): boolean {
  const annotation = recordOf(recordOf(ingress.metadata)?.annotations)?.[CLASS_ANNOTATION];
  if (typeof annotation === 'string' && annotation !== '') {
    return annotation === options.ingressClass || controllers.get(annotation) === options.controllerName;
  }
  const className = recordOf(ingress.spec)?.ingressClassName;
  if (isAbsent(className) || className === '') return options.handleClassless;
  if (typeof className !== 'string') return false;
  return controllers.has(className)
    ? controllers.get(className) === options.controllerName
    : className === options.ingressClass;
}
