import type { PlanDocument } from '../pages/plan-page.js';
import { askController } from './controller-client.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';

/** Prints what would be written to the router now; answers 1 if that is anything. */
export async function planCommand(controller: string, json: boolean, output: Output): Promise<number> {
  const plan = await askController<PlanDocument>(controller, '/api/v1/plan');
  if (json) output.out(JSON.stringify(plan, undefined, 2));
  else if (plan.changes.length === 0) output.out(`Nothing differs on L7 router ${plan.router}: 0 writes.`);
  else {
    for (const change of plan.changes) output.out(change);
    output.out(`${plan.changes.length} changes, ${plan.writes} writes to L7 router ${plan.router}.`);
  }
  return plan.changes.length === 0 ? EXIT.ok : EXIT.failed;
}
