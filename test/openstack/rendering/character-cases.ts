/** One cluster for each character of which a path or a host may consist. */
import type { Ingress, IngressPath } from '@kuryr-l7/router';
import { ingress, path, rule, service, toService } from '../../../packages/router/src/compile/cluster.fixture.js';
import type { RawRequest } from './raw-request.js';
import type { SpecifiedCase } from './specified-cases.js';

/** Printable ASCII, in which every request is written; `/` is in all paths anyway. */
export const PATH_CHARACTERS: readonly string[] = Array.from({ length: 0x7f - 0x21 }, (_, index) =>
  String.fromCharCode(0x21 + index),
).filter((character) => character !== '/');

/** A dot parts labels; HAProxy's rules hold it in every host. */
const HOST_CHARACTERS: readonly string[] = [...'abcdefghijklmnopqrstuvwxyz0123456789-.'];

const SERVICES = ['first', 'second', 'third', 'fourth', 'fifth'];

/**
 * Paths that hold the character at any place, each to a Service of its own or all to one; and requests for them, for what
 * stands on either side of them, and for what they would be if the character meant something.
 */
export function pathCases(character: string): readonly SpecifiedCase[] {
  const paths: readonly (readonly [string, string])[] = [
    [`/${character}12`, 'Exact'],
    [`/34${character}`, 'Exact'],
    [`/e${character}f`, 'Exact'],
    [`/p${character}q`, 'Prefix'],
    [`/p/${character}${character}${character}`, 'Prefix'],
  ];
  const others = ['', 'x', character.toUpperCase(), character.toLowerCase(), character + character, `\\${character}`];
  const requested = paths
    .flatMap(([text]) => [text, `/x${text}`, ...others.map((other) => text.replaceAll(character, () => other))])
    .flatMap((variant) => [variant, `${variant}/`, `${variant}/more`, `${variant}x`]);
  // HAProxy refuses a fragment in a request, as RFC 9112 has none there.
  const requests = [...new Set(requested)].filter((target) => !target.includes('#')).map(toHost('w.x'));
  const asked = (shared: boolean): IngressPath[] =>
    paths.map(([text, type], index) => path(text, type, toService(shared ? 'first' : (SERVICES[index] ?? ''))));
  return [false, true].map((shared) =>
    specified([ingress('a/i', { rules: [rule('w.x', ...asked(shared))] })], requests),
  );
}

/** Hosts that hold the character, each to a Service of its own or all to one. */
export const HOST_CASES: readonly SpecifiedCase[] = HOST_CHARACTERS.flatMap((character) => {
  const hosts = [`a${character}b.example`, `w.c${character}d.example`, `*.e${character}f.example`];
  const requests = hosts
    .map((host) => host.replace('*', 'any'))
    .flatMap((host) => [host, host.toUpperCase(), `${host}:8080`, `x${host}`, `x.${host}`, `${host}x`, `${host}.`])
    .flatMap((host) => [host, host.replace('.', 'x'), host.replace('.', ''), host.replace(character, '')])
    .map((host) => ({ host, target: '/' }));
  return [false, true].map((shared) => {
    const rules = hosts.map((host, index) => {
      return rule(host, path('/', 'Prefix', toService(shared ? 'first' : (SERVICES[index] ?? ''))));
    });
    return specified([ingress('a/i', { rules })], requests);
  });
});

function toHost(host: string): (target: string) => RawRequest {
  return (target) => ({ host, target });
}

function specified(ingresses: readonly Ingress[], requests: readonly RawRequest[]): SpecifiedCase {
  const services = SERVICES.map((name) => service(`a/${name}`));
  return { cluster: { ingresses, services }, hostOwnership: true, requests };
}
