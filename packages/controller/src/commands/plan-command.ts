import type { PlanDocument } from '../pages/plan-page.js';
import { askController, asOf } from './controller-client.js';
import { count } from './count.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';

/** Prints what would be written to the router now; answers 1 if that is anything. */
export async function planCommand(controller: string, json: boolean, output: Output): Promise<number> {
  const plan = await askController<PlanDocument>(controller, '/api/v1/plan');
  if (json) output.out(JSON.stringify(plan, undefined, 2));
  else {
    if (plan.age !== undefined) output.error(asOf(plan.age));
    for (const change of plan.changes) output.out(change);
    for (const refused of plan.refused) output.out(`refused by the router, tried again later: ${refused}`);
    output.out(
      differs(plan)
        ? `${count(plan.changes.length, 'change')}, ${count(plan.writes, 'write')} to L7 router ${plan.router}.`
        : `Nothing differs on L7 router ${plan.router}: 0 writes.`,
    );
  }
  return differs(plan) ? EXIT.differs : EXIT.ok;
}

const differs = ({ changes, refused }: PlanDocument): boolean => changes.length + refused.length > 0;
