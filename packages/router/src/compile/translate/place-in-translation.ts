import type { Translation } from './translate-ingress.js';

const places = new WeakMap<Translation, ReadonlyMap<string, number>>();

/**
 * Where a host, or the path of a policy key, comes in an Ingress; after all others where it is not named there.
 * @param name a host, or a policy key
 */
export function placeInTranslation(translation: Translation | undefined, name: string): number {
  if (translation === undefined) return Number.MAX_SAFE_INTEGER;
  let placeOf = places.get(translation);
  if (placeOf === undefined) {
    const names = translation.claims.flatMap(({ host, paths }) => [host, ...paths.map(({ key }) => key)]);
    placeOf = new Map(names.map((name, place) => [name, place]));
    places.set(translation, placeOf);
  }
  return placeOf.get(name) ?? Number.MAX_SAFE_INTEGER;
}
