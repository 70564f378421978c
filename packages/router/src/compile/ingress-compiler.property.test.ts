import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FULL_CAPABILITIES } from '../capabilities.js';
import type { Compilation } from '../compilation.js';
import { type Ingress, type IngressClass, objectKey, type Service } from '../kubernetes.js';
import { arbitraryIngress, arbitraryService, OCTAVIA_LIKE, OPTIONS, SHARING } from './cluster.fixture.js';
import { IngressCompiler } from './ingress-compiler.js';

type Step =
  | { readonly kind: 'set'; readonly collection: 'ingresses'; readonly object: Ingress }
  | { readonly kind: 'set'; readonly collection: 'services'; readonly object: Service }
  | { readonly kind: 'set'; readonly collection: 'classes'; readonly object: IngressClass }
  | { readonly kind: 'delete'; readonly collection: 'ingresses' | 'services' | 'classes'; readonly key: string }
  | { readonly kind: 'compile' };

const CLASS_NAMES = ['kuryr', 'other', 'none'];

const sometimesClass = (chance: number) =>
  fc.oneof(
    { weight: 100 - chance, arbitrary: fc.constant(undefined) },
    { weight: chance, arbitrary: fc.constantFrom(...CLASS_NAMES) },
  );

const classed: fc.Arbitrary<Ingress> = fc
  .tuple(arbitraryIngress, sometimesClass(20), sometimesClass(10))
  .map(([ingress, className, annotation]) => ({
    metadata: {
      ...ingress.metadata,
      ...(annotation && { annotations: { 'kubernetes.io/ingress.class': annotation } }),
    },
    spec: { ...ingress.spec, ...(className && { ingressClassName: className }) },
  }));

const ingressClass: fc.Arbitrary<IngressClass> = fc
  .tuple(fc.constantFrom(...CLASS_NAMES), fc.constantFrom(OPTIONS.controllerName, 'example.com/other'))
  .map(([name, controller]) => ({ metadata: { name }, spec: { controller } }));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: classed.map((object): Step => ({ kind: 'set', collection: 'ingresses', object })) },
  { weight: 3, arbitrary: arbitraryService.map((object): Step => ({ kind: 'set', collection: 'services', object })) },
  { weight: 1, arbitrary: ingressClass.map((object): Step => ({ kind: 'set', collection: 'classes', object })) },
  {
    weight: 3,
    arbitrary: classed.map((object): Step => ({ kind: 'delete', collection: 'ingresses', key: objectKey(object) })),
  },
  {
    weight: 1,
    arbitrary: arbitraryService.map(
      (object): Step => ({ kind: 'delete', collection: 'services', key: objectKey(object) }),
    ),
  },
  {
    weight: 1,
    arbitrary: ingressClass.map((object): Step => ({ kind: 'delete', collection: 'classes', key: objectKey(object) })),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'compile' }) },
);

/** The objects there are after some steps. */
class Cluster {
  readonly ingresses = new Map<string, Ingress>();
  readonly services = new Map<string, Service>();
  readonly classes = new Map<string, IngressClass>();

  take(change: Step): void {
    if (change.kind === 'delete') this[change.collection].delete(change.key);
    if (change.kind !== 'set') return;
    if (change.collection === 'ingresses') this.ingresses.set(objectKey(change.object), change.object);
    else if (change.collection === 'services') this.services.set(objectKey(change.object), change.object);
    else this.classes.set(objectKey(change.object), change.object);
  }
}

function tell(compiler: IngressCompiler, change: Step): void {
  if (change.kind === 'set') {
    if (change.collection === 'ingresses') compiler.setIngress(change.object);
    else if (change.collection === 'services') compiler.setService(change.object);
    else compiler.setIngressClass(change.object);
  } else if (change.kind === 'delete') {
    if (change.collection === 'ingresses') compiler.deleteIngress(change.key);
    else if (change.collection === 'services') compiler.deleteService(change.key);
    else compiler.deleteIngressClass(change.key);
  }
}

function fromScratch(cluster: Cluster, options: typeof OPTIONS, capabilities: typeof OCTAVIA_LIKE): Compilation {
  const compiler = new IngressCompiler(options, capabilities);
  for (const object of cluster.ingresses.values()) compiler.setIngress(object);
  for (const object of cluster.classes.values()) compiler.setIngressClass(object);
  for (const object of cluster.services.values()) compiler.setService(object);
  return compiler.compile();
}

/** Everything that a compilation is made of, by name. */
function partsOf({ policies, pools, outcomes }: Compilation): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ...policies.map((policy) => [`policy ${policy.key}`, policy] as const),
    ...pools.map((pool) => [`pool ${pool.name}`, pool] as const),
    ...[...outcomes].map(([key, outcome]) => [`outcome ${key}`, outcome] as const),
  ]);
}

const { notFoundPool: _none, ...WITHOUT_404 } = OCTAVIA_LIKE;

describe('compiling change by change', () => {
  it.each([
    ['a router with answers of its own', FULL_CAPABILITIES],
    ['a router such as Octavia', OCTAVIA_LIKE],
    ['a router with shared policies', SHARING],
    ['a router that cannot answer 404', WITHOUT_404],
  ])(
    'comes to what compiling from scratch comes to, and replaces nothing that is as it was, for %s',
    (_name, capabilities) => {
      fc.assert(
        fc.property(
          fc.array(step, { maxLength: 40 }),
          fc.boolean(),
          fc.boolean(),
          (steps, hostOwnership, handleClassless) => {
            const options = { ...OPTIONS, hostOwnership, handleClassless };
            const compiler = new IngressCompiler(options, capabilities);
            const cluster = new Cluster();
            let last = compiler.compile();
            for (const change of [...steps, { kind: 'compile' } as const]) {
              tell(compiler, change);
              cluster.take(change);
              if (change.kind !== 'compile') continue;
              const current = compiler.compile();
              const scratch = fromScratch(cluster, options, capabilities);
              expect(current).toEqual(scratch);
              const before = partsOf(last);
              const replaced = [...partsOf(current)].filter(
                ([name, part]) => before.has(name) && before.get(name) !== part,
              );
              for (const [name, part] of replaced) expect(part).not.toEqual(before.get(name));
              if (current !== last) expect(current).not.toEqual(last);
              last = current;
            }
          },
        ),
        { numRuns: 300 },
      );
    },
  );

  it('does not depend on the order in which objects come', () => {
    const objects = fc
      .tuple(
        fc.array(classed, { maxLength: 8 }),
        fc.array(arbitraryService, { maxLength: 5 }),
        fc.array(ingressClass, { maxLength: 3 }),
      )
      .map(([ingresses, services, classes]): readonly Step[] => {
        const cluster = new Cluster();
        for (const object of ingresses) cluster.take({ kind: 'set', collection: 'ingresses', object });
        for (const object of services) cluster.take({ kind: 'set', collection: 'services', object });
        for (const object of classes) cluster.take({ kind: 'set', collection: 'classes', object });
        return [
          ...[...cluster.ingresses.values()].map((object): Step => ({ kind: 'set', collection: 'ingresses', object })),
          ...[...cluster.services.values()].map((object): Step => ({ kind: 'set', collection: 'services', object })),
          ...[...cluster.classes.values()].map((object): Step => ({ kind: 'set', collection: 'classes', object })),
        ];
      });
    const orders = objects.chain((steps) =>
      fc.tuple(fc.constant(steps), fc.shuffledSubarray([...steps], { minLength: steps.length })),
    );
    fc.assert(
      fc.property(orders, ([one, other]) => {
        const [first, second] = [new IngressCompiler(OPTIONS, SHARING), new IngressCompiler(OPTIONS, SHARING)];
        for (const change of one) tell(first, change);
        for (const change of other) tell(second, change);
        expect(first.compile()).toEqual(second.compile());
      }),
    );
  });
});
