import { octaviaCapabilities } from '@kuryr-l7/driver-octavia';
import {
  assembleRouter,
  type CompilerOptions,
  compileRouter,
  type Pool,
  type Problem,
  type Router,
} from '@kuryr-l7/router';
import type { Backends } from './backends.js';
import type { SpecifiedCase } from './specified-cases.js';

export const LISTENER = { key: 'HTTP:80', protocol: 'HTTP', port: 80 } as const;

/** The pool of the router that answers 404, an administrator's. */
export const NOT_FOUND = 'not-found';

export const CAPABILITIES = octaviaCapabilities(NOT_FOUND);

const OPTIONS: CompilerOptions = {
  controllerName: 'kuryr.openstack.org/l7-router',
  ingressClass: 'kuryr',
  handleClassless: true,
  hostOwnership: true,
};

/** The router of a cluster on Octavia; each pool has the member that names its Service and port. */
export async function compiledRouter(one: Omit<SpecifiedCase, 'requests'>, backends: Backends): Promise<Router> {
  const compilation = compile(one);
  const members = await Promise.all(
    compilation.pools.map(async ({ name, service, port }) => {
      return [name, port === undefined ? [] : [await backends.member(`${service}:${port.number}`)]] as const;
    }),
  );
  return assembleRouter([compilation], new Map(members), [LISTENER]);
}

/** What the compiler objects to in a cluster. */
export function problemsOf(one: Omit<SpecifiedCase, 'requests'>): readonly Problem[] {
  return [...compile(one).outcomes.values()].flatMap(({ problems }) => problems);
}

function compile({ cluster, hostOwnership }: Omit<SpecifiedCase, 'requests'>) {
  const objects = { ...cluster, ingressClasses: [], endpointSlices: [] };
  return compileRouter(objects, { ...OPTIONS, hostOwnership }, CAPABILITIES, [LISTENER], 'IPv4').compilation;
}

export async function notFoundPool(backends: Backends): Promise<Pool> {
  const source = { kind: 'Pool', namespace: '', name: NOT_FOUND };
  const members = [await backends.member(NOT_FOUND, 404)];
  return { name: NOT_FOUND, protocol: 'HTTP', lbAlgorithm: 'ROUND_ROBIN', members, source };
}
