import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isArray, isObject, type JsonObject, type JsonValue, jsonEqual } from './json.js';
import { managersAfterUpdate, updater } from './managed-fields.js';
import { modelSchema } from './model-schema.js';
import { fieldsOf } from './owned-fields.js';
import { printPath } from './path-element.js';
import { applyConfiguration, type Live } from './server-side-apply.js';

const CONFIG_MAP = modelSchema('V1ConfigMap');
const DEPLOYMENT = modelSchema('V1Deployment');
const NOTHING: Live = { json: {}, managers: [] };
const TIME = '2026-01-01T00:00:00Z';

interface Context {
  readonly manager: string;
  readonly force?: boolean;
  readonly time?: string;
}

function tryApply(schema: typeof CONFIG_MAP, live: Live, configuration: JsonObject, context: Context) {
  return applyConfiguration(schema, live, configuration, {
    force: false,
    subresource: '',
    time: TIME,
    apiVersion: schema === DEPLOYMENT ? 'apps/v1' : 'v1',
    hasStatus: schema === DEPLOYMENT,
    ...context,
  });
}

function apply(schema: typeof CONFIG_MAP, live: Live, configuration: JsonObject, context: Context): Live {
  const outcome = tryApply(schema, live, configuration, context);
  if ('conflicts' in outcome) throw new Error(`conflicts: ${JSON.stringify(outcome.conflicts)}`);
  return outcome;
}

function update(schema: typeof CONFIG_MAP, live: Live, next: JsonObject, manager: string): Live {
  const apiVersion = schema === DEPLOYMENT ? 'apps/v1' : 'v1';
  const writer = updater(apiVersion, { manager, subresource: '', time: TIME });
  const managers = managersAfterUpdate(schema, live, next, writer, schema === DEPLOYMENT);
  return { json: next, managers: managers ?? live.managers };
}

function ownedBy(live: Live, name: string): string[] {
  return live.managers
    .filter((manager) => manager.name === name)
    .flatMap((manager) => manager.fields.paths().map(printPath));
}

const withReplicas = (replicas?: number): JsonObject => ({
  spec: {
    ...(replicas === undefined ? {} : { replicas }),
    template: { spec: { containers: [{ name: 'nginx', image: 'nginx' }] } },
  },
});

describe('server-side apply', () => {
  it('owns what it applies, list elements by their keys', () => {
    const live = apply(DEPLOYMENT, NOTHING, withReplicas(1), { manager: 'me' });
    expect(ownedBy(live, 'me')).toEqual([
      '.spec.replicas',
      '.spec.template.spec.containers[name="nginx"]',
      '.spec.template.spec.containers[name="nginx"].image',
      '.spec.template.spec.containers[name="nginx"].name',
    ]);
  });

  it('owns a label selector as one value', () => {
    const live = apply(DEPLOYMENT, NOTHING, { spec: { selector: { matchLabels: { a: 'b' } } } }, { manager: 'me' });
    expect(ownedBy(live, 'me')).toEqual(['.spec.selector']);
  });

  // "Server-Side Apply" in the Kubernetes documentation: transferring ownership of .spec.replicas.
  it('names the manager and the field of a conflict', () => {
    const live = update(DEPLOYMENT, NOTHING, withReplicas(1), 'kubectl-client-side-apply');
    expect(tryApply(DEPLOYMENT, live, withReplicas(2), { manager: 'me' })).toEqual({
      conflicts: [{ manager: '"kubectl-client-side-apply" using apps/v1', field: '.spec.replicas' }],
    });
  });

  it('names the subresource through which another manager wrote', () => {
    const scaled = update(DEPLOYMENT, NOTHING, withReplicas(1), 'hpa');
    const managers = scaled.managers.map((manager) => ({ ...manager, subresource: 'scale' }));
    expect(tryApply(DEPLOYMENT, { ...scaled, managers }, withReplicas(2), { manager: 'me' })).toEqual({
      conflicts: [{ manager: '"hpa" with subresource "scale" using apps/v1', field: '.spec.replicas' }],
    });
  });

  it('takes the fields with force', () => {
    const before = update(DEPLOYMENT, NOTHING, withReplicas(1), 'other');
    const after = apply(DEPLOYMENT, before, withReplicas(2), { manager: 'me', force: true });
    expect(after.json).toEqual(withReplicas(2));
    expect(ownedBy(after, 'me')).toContain('.spec.replicas');
    expect(ownedBy(after, 'other')).not.toContain('.spec.replicas');
  });

  it('makes both owners of a value that both apply, and removes it only when both have left it', () => {
    const first = apply(DEPLOYMENT, NOTHING, withReplicas(3), { manager: 'a' });
    const both = apply(DEPLOYMENT, first, withReplicas(3), { manager: 'b' });
    const one = apply(DEPLOYMENT, both, withReplicas(), { manager: 'a' });
    expect(one.json).toEqual(withReplicas(3));
    expect(ownedBy(one, 'a')).not.toContain('.spec.replicas');
    expect(apply(DEPLOYMENT, one, withReplicas(), { manager: 'b' }).json).toEqual(withReplicas());
  });

  it('removes what it applied before and no longer does', () => {
    const before = apply(CONFIG_MAP, NOTHING, { data: { a: '1', b: '2' } }, { manager: 'me' });
    const after = apply(CONFIG_MAP, before, { data: { b: '2' } }, { manager: 'me' });
    expect(after.json).toEqual({ data: { b: '2' } });
    expect(apply(CONFIG_MAP, after, {}, { manager: 'me' })).toEqual({ json: {}, managers: [expect.anything()] });
  });

  it('leaves an empty object where one is applied instead of a filled one', () => {
    const before = apply(CONFIG_MAP, NOTHING, { data: { a: '1' } }, { manager: 'me' });
    expect(apply(CONFIG_MAP, before, { data: {} }, { manager: 'me' }).json).toEqual({ data: {} });
  });

  it('keeps what nobody owns, such as defaults', () => {
    const applied = apply(CONFIG_MAP, NOTHING, { data: { a: '1' } }, { manager: 'me' });
    const defaulted = { ...applied, json: { data: { a: '1', default: 'x' } } };
    expect(apply(CONFIG_MAP, defaulted, {}, { manager: 'me' }).json).toEqual({ data: { default: 'x' } });
  });

  it('removes a list element with what others set inside it, unless they own the element', () => {
    const containers = (image: string) => ({ spec: { template: { spec: { containers: [{ name: 'a', image }] } } } });
    const applied = apply(DEPLOYMENT, NOTHING, containers('1'), { manager: 'me' });
    const patched = update(DEPLOYMENT, applied, containers('2'), 'kubectl-set');
    expect(ownedBy(patched, 'kubectl-set')).toEqual(['.spec.template.spec.containers[name="a"].image']);
    expect(apply(DEPLOYMENT, patched, {}, { manager: 'me' }).json).toEqual({});
    const shared = apply(DEPLOYMENT, patched, containers('2'), { manager: 'b' });
    expect(apply(DEPLOYMENT, shared, {}, { manager: 'me' }).json).toEqual(containers('2'));
  });

  it('keeps an emptied union while somebody owns a part of it', () => {
    const volume = (emptyDir: JsonObject) => ({
      spec: { template: { spec: { volumes: [{ name: 'v', emptyDir }] } } },
    });
    const applied = apply(DEPLOYMENT, NOTHING, volume({}), { manager: 'a' });
    const limited = apply(DEPLOYMENT, applied, volume({ sizeLimit: '1Gi' }), { manager: 'b' });
    const left = apply(DEPLOYMENT, limited, {}, { manager: 'a' });
    expect(left.json).toEqual(volume({ sizeLimit: '1Gi' }));
  });

  it.each<[string, string[], string[], string[]]>([
    ['new elements go behind those there', ['l'], ['r'], ['l', 'r']],
    ['the applied order wins', ['a', 'b'], ['b', 'a'], ['b', 'a']],
    ['others keep their place before a shared one', ['l', 's'], ['r', 's'], ['l', 'r', 's']],
    ['others keep their place behind a shared one', ['s', 'l'], ['s', 'r'], ['s', 'l', 'r']],
    ['others between shared ones that swap', ['a', 'x', 'b'], ['b', 'a'], ['x', 'b', 'a']],
  ])('orders lists: %s', (_, live, applied, expected) => {
    const start = update(DEPLOYMENT, NOTHING, { metadata: { finalizers: live } }, 'other');
    expect(apply(DEPLOYMENT, start, { metadata: { finalizers: applied } }, { manager: 'me' }).json).toEqual({
      metadata: { finalizers: expected },
    });
  });

  it('leaves the time of an entry alone when nothing changes', () => {
    const first = apply(CONFIG_MAP, NOTHING, { data: { a: '1' } }, { manager: 'me' });
    const again = apply(CONFIG_MAP, first, { data: { a: '1' } }, { manager: 'me', time: '2026-02-02T00:00:00Z' });
    expect(again).toEqual(first);
    const changed = apply(CONFIG_MAP, first, { data: { a: '2' } }, { manager: 'me', time: '2026-02-02T00:00:00Z' });
    expect(changed.managers.map((manager) => manager.time)).toEqual(['2026-02-02T00:00:00Z']);
  });
});

/** Configurations over few names, so that managers meet: maps, sets, lists by key, structures owned as a whole. */
const configurations = fc.record(
  {
    metadata: fc.record(
      {
        labels: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 }),
        finalizers: fc.uniqueArray(fc.constantFrom('x', 'y', 'z')),
      },
      { requiredKeys: [] },
    ),
    spec: fc.record(
      {
        replicas: fc.integer({ min: 0, max: 2 }),
        selector: fc.record({ matchLabels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constant('1')) }),
        template: fc.record({
          spec: fc.record({
            containers: fc.uniqueArray(
              fc.record(
                { name: fc.constantFrom('n', 'm'), image: fc.constantFrom('1', '2'), tty: fc.boolean() },
                { requiredKeys: ['name'] },
              ),
              { selector: (container) => container.name },
            ),
          }),
        }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const steps = fc.array(
  fc.record({ manager: fc.constantFrom('a', 'b', 'c'), configuration: configurations, force: fc.boolean() }),
  { minLength: 1, maxLength: 8 },
);

/** Whether there is any value in it: empty maps and lists are nothing to own. */
function isHollow(value: JsonValue | undefined): boolean {
  if (isArray(value)) return value.every(isHollow);
  return value === undefined || (isObject(value) && Object.values(value).every(isHollow));
}

/** Whether everything in `part` is in `whole`, elements of lists in any order. */
function holds(whole: JsonValue | undefined, part: JsonValue): boolean {
  if (isHollow(part)) return true;
  if (isArray(part)) return isArray(whole) && part.every((item) => whole.some((other) => holds(other, item)));
  if (!isObject(part)) return jsonEqual(whole, part);
  return Object.entries(part).every(
    ([key, value]) => value === undefined || isHollow(value) || (isObject(whole) && holds(whole[key], value)),
  );
}

describe('server-side apply by several managers', () => {
  it('always has what was applied, and takes no field from another manager but those it applies itself', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        let live = NOTHING;
        for (const { manager, configuration, force } of sequence) {
          const outcome = tryApply(DEPLOYMENT, live, configuration, { manager, force });
          if ('conflicts' in outcome) {
            expect(force).toBe(false);
            continue;
          }
          expect(holds(outcome.json, configuration)).toBe(true);
          const mine = new Set(ownedBy(outcome, manager));
          for (const other of ['a', 'b', 'c'].filter((name) => name !== manager)) {
            const kept = new Set(ownedBy(outcome, other));
            const lost = ownedBy(live, other).filter((path) => !kept.has(path));
            expect(lost.filter((path) => !mine.has(path))).toEqual([]);
            if (!force) expect(lost).toEqual([]);
          }
          live = outcome;
          // What is owned is there.
          const present = fieldsOf(DEPLOYMENT, live.json);
          for (const owner of live.managers) expect(owner.fields.withoutOwned(present).paths()).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(configurations, configurations, (first, second) => {
        const start = apply(DEPLOYMENT, NOTHING, first, { manager: 'a' });
        const once = apply(DEPLOYMENT, start, second, { manager: 'b', force: true });
        const twice = apply(DEPLOYMENT, once, second, { manager: 'b', time: '2027-01-01T00:00:00Z' });
        expect(twice.json).toEqual(once.json);
        expect(twice.managers.map((manager) => manager.fields.toFieldsV1())).toEqual(
          once.managers.map((manager) => manager.fields.toFieldsV1()),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('leaves nothing behind when everybody applies nothing', () => {
    fc.assert(
      fc.property(configurations, configurations, (first, second) => {
        let live = apply(DEPLOYMENT, NOTHING, first, { manager: 'a' });
        live = apply(DEPLOYMENT, live, second, { manager: 'b', force: true });
        live = apply(DEPLOYMENT, live, {}, { manager: 'a' });
        live = apply(DEPLOYMENT, live, {}, { manager: 'b' });
        expect(isHollow(live.json)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
