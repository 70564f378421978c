import type { StatusDocument } from '../pages/status-page.js';
import { askController } from './controller-client.js';
import { count } from './count.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';

/**
 * Prints the state of the router, and everything that is wrong. Answers 1 while the router is not up to date, or handlers
 * fail with objects.
 */
export async function statusCommand(controller: string, json: boolean, output: Output): Promise<number> {
  const status = await askController<StatusDocument>(controller, '/api/v1/status');
  output.out(json ? JSON.stringify(status, undefined, 2) : describe(status));
  const { router, refused, failing } = status;
  return router.upToDate && refused.length === 0 && failing.count === 0 ? EXIT.ok : EXIT.differs;
}

function describe({ router, policies, pools, objects, problems, refused, failing }: StatusDocument): string {
  const state = router.upToDate ? 'up to date' : 'not up to date';
  const lines = [
    `L7 router  ${router.name ?? 'none'}: ${router.phase}, ${state}, ${count(router.writes, 'write')} since the start`,
    `Addresses  ${router.addresses?.join(', ') ?? '-'}  ${router.listeners?.join(', ') ?? ''}`,
    `Routes     ${policies} policies, ${count(pools.length, 'pool')}, from ${count(objects, 'object')}`,
  ];
  if (router.problem !== undefined) lines.push(`Problem    ${router.problem}`);
  if (pools.length > 0) {
    const rows = pools.map(({ name, service, members }) => [
      name,
      service,
      members === null ? 'not filled yet' : String(members),
    ]);
    lines.push('', ...table([['POOL', 'SERVICE', 'MEMBERS'], ...rows]));
  }
  if (problems.length > 0) {
    const rows = problems.map(({ object, reason, field, message }) => [object, reason, `${field}: ${message}`]);
    lines.push('', ...table([['OBJECT', 'REASON', 'PROBLEM'], ...rows]));
  }
  if (refused.length > 0) {
    const rows = refused.map(({ object, message }) => [object, message]);
    lines.push('', ...table([['OBJECT', 'REFUSED BY THE ROUTER, TRIED AGAIN LATER'], ...rows]));
  }
  if (failing.count > 0) {
    const rows = failing.objects.map(({ handler, object, since, reason }) => [handler, object, since, reason]);
    lines.push('', ...table([['HANDLER', 'OBJECT', 'FAILS SINCE', 'REASON, TRIED AGAIN LATER'], ...rows]));
    const more = failing.count - failing.objects.length;
    if (more > 0) lines.push(`… and ${more} more`);
  }
  return lines.join('\n');
}

/** Columns as wide as their widest cell; the last one as it is. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 2))).join(''),
  );
}
