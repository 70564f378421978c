import type { Ingress, IngressBackend, IngressPath, Service } from '../kubernetes.js';

/**
 * The Ingress specification (networking.k8s.io/v1, KEP-1453) and this project's rules for what it leaves open, written
 * straight down for one request at a time. It shares no code with compiler and matcher, which are held against it.
 */
export interface SpecifiedCluster {
  readonly ingresses: readonly Ingress[];
  readonly services: readonly Service[];
}

/** `namespace/service:port` of the backend, or the status where there is none. */
export type SpecifiedAnswer = string | 404 | 503;

export function specifiedAnswer(
  cluster: SpecifiedCluster,
  request: { readonly host: string; readonly path: string },
  hostOwnership: boolean,
): SpecifiedAnswer {
  const oldestFirst = [...cluster.ingresses].sort(byAge);
  const host = request.host.toLowerCase().split(':')[0] ?? '';
  const parent = host.split('.').slice(1).join('.');

  // "Precise host before wildcard before none": the most specific host that a rule names decides alone.
  for (const pattern of [host, `*.${parent}`, '']) {
    const naming = oldestFirst.filter((ingress) => rulesFor(ingress, pattern).length > 0);
    const owner = naming[0]?.metadata.namespace;
    if (naming.length === 0) continue;
    const heard = naming.filter((ingress) => !hostOwnership || ingress.metadata.namespace === owner);

    let best: { readonly path: IngressPath; readonly ingress: Ingress } | undefined;
    for (const ingress of heard) {
      for (const path of rulesFor(ingress, pattern).flatMap((rule) => rule.http?.paths ?? [])) {
        if (matches(path, request.path) && (best === undefined || isBetter(path, best.path))) best = { path, ingress };
      }
    }
    if (best !== undefined) return backendOf(cluster, best.ingress, best.path.backend);
    const withDefault = heard.find((ingress) => ingress.spec?.defaultBackend !== undefined);
    if (withDefault !== undefined) return backendOf(cluster, withDefault, withDefault.spec?.defaultBackend);
    break;
  }

  const routerDefault = oldestFirst.find(
    ({ spec }) => (spec?.rules ?? []).length === 0 && spec?.defaultBackend !== undefined,
  );
  return routerDefault === undefined ? 404 : backendOf(cluster, routerDefault, routerDefault.spec?.defaultBackend);
}

function byAge(a: Ingress, b: Ingress): number {
  const order = (ingress: Ingress): readonly string[] => [
    ingress.metadata.creationTimestamp ?? '',
    ingress.metadata.namespace ?? '',
    ingress.metadata.name,
  ];
  const [left, right] = [order(a), order(b)];
  const index = left.findIndex((part, i) => part !== right[i]);
  return index < 0 ? 0 : (left[index] ?? '') < (right[index] ?? '') ? -1 : 1;
}

function rulesFor(ingress: Ingress, pattern: string) {
  return (ingress.spec?.rules ?? []).filter(({ host }) => (host ?? '') === pattern);
}

function matches({ path, pathType }: IngressPath, requested: string): boolean {
  if (pathType === 'Exact') return path === requested;
  const wanted = elements(path);
  const given = requested.split('/').slice(1);
  return wanted.every((element, index) => element === given[index]);
}

/** Of a Prefix; a trailing slash is ignored, and ImplementationSpecific may be empty. */
function elements(path: string | undefined): readonly string[] {
  const all = (path || '/').split('/').slice(1);
  return all.at(-1) === '' ? all.slice(0, -1) : all;
}

/** Exact first, then the longest Prefix; of equals the first. */
function isBetter(candidate: IngressPath, best: IngressPath): boolean {
  const exact = (path: IngressPath): boolean => path.pathType === 'Exact';
  if (exact(candidate) || exact(best)) return exact(candidate) && !exact(best);
  return elements(candidate.path).length > elements(best.path).length;
}

function backendOf(cluster: SpecifiedCluster, ingress: Ingress, backend: IngressBackend | undefined): SpecifiedAnswer {
  const wanted = backend?.service;
  if (wanted === undefined || backend?.resource !== undefined) return 503;
  const service = cluster.services.find(
    ({ metadata }) => metadata.namespace === ingress.metadata.namespace && metadata.name === wanted.name,
  );
  if (service === undefined || service.spec?.type === 'ExternalName') return 503;
  const port = (service.spec?.ports ?? []).find(
    ({ port: number, name, protocol }) =>
      protocol !== 'UDP' &&
      (wanted.port?.name === undefined ? number === wanted.port?.number : name === wanted.port.name),
  );
  return port === undefined ? 503 : `${service.metadata.namespace}/${service.metadata.name}:${port.port}`;
}
