import { type Ingress, type ObjectKey, objectKey } from '@kuryr-l7/router';

/** Keys of the Services that an Ingress names, each once. */
export function servicesOf(ingress: Ingress): readonly ObjectKey[] {
  const namespace = ingress.metadata.namespace ?? '';
  const backends = [
    ingress.spec?.defaultBackend,
    ...(ingress.spec?.rules ?? []).flatMap((rule) => (rule.http?.paths ?? []).map((path) => path.backend)),
  ];
  const names = backends.flatMap((backend) => (backend?.service === undefined ? [] : [backend.service.name]));
  return [...new Set(names)].map((name) => objectKey({ metadata: { namespace, name } }));
}
