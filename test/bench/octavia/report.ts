import { printTable, quantile } from '../table.js';
import type { Measurement } from './measure.js';

/** One change on one Octavia. */
export interface ChangeRow {
  readonly change: string;
  /** Writes of octavia-ingress-controller, from reading its code. */
  readonly incumbent: string;
  /** Writes that are allowed to us. */
  readonly atMost: number;
  readonly on: string;
  readonly measured: Measurement;
}

/** Many Ingresses at once, while the endpoints of another Service change all the time. */
export interface LoadRow {
  readonly ingresses: number;
  readonly on: string;
  readonly measured: Measurement;
  /** For each change of endpoints: the lock periods that ended before it was written, and the seconds that it waited. */
  readonly waits: readonly { readonly locks: number; readonly seconds: number }[];
}

/** Changes of one kind stand together, in the order of the first. */
export function printChanges(rows: readonly ChangeRow[]): void {
  const names = [...new Set(rows.map(({ change }) => change))];
  printTable(
    'Writes for each change',
    ['change', 'octavia-ingress-controller', 'ours, at most', 'on', 'writes', 'reads', 'locked', 'failed requests'],
    names.flatMap((name) =>
      rows
        .filter(({ change }) => change === name)
        .map(({ change, incumbent, atMost, on, measured: { writes, reads, lockedSeconds, requests, failures } }) => [
          change,
          incumbent,
          atMost,
          on,
          isAbove(writes, atMost),
          reads,
          seconds(lockedSeconds),
          `${failures.length} of ${requests}`,
        ]),
    ),
  );
}

export function printLoads(rows: readonly LoadRow[]): void {
  printTable(
    'Many Ingresses, while endpoints of another Service change',
    [
      'Ingresses',
      'on',
      'writes',
      'reads',
      'bound: locked',
      'took',
      'endpoint changes',
      'waited p50',
      'max',
      'failed requests',
    ],
    rows.map(({ ingresses, on, measured, waits }) => [
      ingresses,
      on,
      measured.writes,
      measured.reads,
      seconds(measured.lockedSeconds),
      `${seconds(measured.seconds)} (${((measured.seconds / measured.lockedSeconds) * 100 - 100).toFixed(1)} % more)`,
      waits.length,
      waited(waits, 0.5),
      waited(waits, 1),
      `${measured.failures.length} of ${measured.requests}`,
    ]),
  );
}

/** A row in words, for who waits for the next one or breaks it off. */
export function describeLoad({ ingresses, measured, waits }: LoadRow): string {
  const { writes, reads, lockedSeconds, seconds: took, failures, requests } = measured;
  const failed = `${failures.length} of ${requests} requests failed`;
  const moved = `${waits.length} endpoint changes waited ${waited(waits, 0.5)} (p50), ${waited(waits, 1)} (max)`;
  return `${ingresses} Ingresses: ${writes} writes, ${reads} reads, locked ${seconds(lockedSeconds)}, took ${seconds(took)}; ${moved}; ${failed}`;
}

/** What is worse than it may be, in words. */
export function excesses(changes: readonly ChangeRow[], loads: readonly LoadRow[]): readonly string[] {
  return [
    ...changes.flatMap(({ change, on, atMost, measured: { writes, failures } }) => [
      ...(writes > atMost ? [`${change}, on ${on}: ${writes} writes, at most ${atMost} are allowed`] : []),
      ...failed(`${change}, on ${on}`, failures),
    ]),
    ...loads.flatMap(({ ingresses, on, measured }) => failed(`${ingresses} Ingresses, on ${on}`, measured.failures)),
  ];
}

function failed(what: string, failures: readonly string[]): readonly string[] {
  const [first] = failures;
  return first === undefined ? [] : [`${what}: ${failures.length} requests failed, the first was ${first}`];
}

const isAbove = (writes: number, atMost: number): string => (writes > atMost ? `${writes} (above)` : String(writes));

function waited(waits: LoadRow['waits'], share: number): string {
  if (waits.length === 0) return '';
  const locks = quantile(
    waits.map((wait) => wait.locks),
    share,
  );
  const time = quantile(
    waits.map((wait) => wait.seconds),
    share,
  );
  return `${locks} ${locks === 1 ? 'lock' : 'locks'}, ${seconds(time)}`;
}

function seconds(value: number): string {
  if (value < 600) return `${value.toFixed(1)} s`;
  return value < 36_000 ? `${(value / 60).toFixed(0)} min` : `${(value / 3_600).toFixed(1)} h`;
}
