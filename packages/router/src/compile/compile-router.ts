import type { RouterCapabilities } from '../capabilities.js';
import type { Compilation, CompilerOptions } from '../compilation.js';
import type { EndpointSlice, Ingress, IngressClass, ObjectKey, Service } from '../kubernetes.js';
import type { ListenerIdentity, Member, Router } from '../model.js';
import { assembleRouter } from './assemble-router.js';
import { IngressCompiler } from './ingress-compiler.js';
import { type AddressFamily, poolMembers, serviceOfSlice } from './pool-members.js';
import { keyOf } from './untrusted.js';

/** The objects of a cluster that decide about routes. */
export interface ClusterObjects {
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
}

/** Everything at once, from scratch: the desired router of a cluster. The {@link IngressCompiler} is for a cluster that changes. */
export function compileRouter(
  objects: ClusterObjects,
  options: CompilerOptions,
  capabilities: RouterCapabilities,
  listeners: readonly ListenerIdentity[],
  addressFamily: AddressFamily,
): { readonly router: Router; readonly compilation: Compilation } {
  const compiler = new IngressCompiler(options, capabilities);
  for (const ingressClass of objects.ingressClasses) compiler.setIngressClass(ingressClass);
  for (const service of objects.services) compiler.setService(service);
  for (const ingress of objects.ingresses) compiler.setIngress(ingress);
  const compilation = compiler.compile();

  const services = new Map(objects.services.map((service) => [keyOf(service), service]));
  const slices = new Map<ObjectKey | undefined, EndpointSlice[]>();
  for (const slice of objects.endpointSlices) {
    const key = serviceOfSlice(slice);
    const others = slices.get(key);
    if (others === undefined) slices.set(key, [slice]);
    else others.push(slice);
  }
  const members = new Map<string, readonly Member[]>();
  for (const { name, service: key, port } of compilation.pools) {
    const service = services.get(key);
    if (service === undefined || port === undefined) continue;
    members.set(name, poolMembers(service, port, slices.get(key) ?? [], addressFamily));
  }
  return { router: assembleRouter([compilation], members, listeners), compilation };
}
