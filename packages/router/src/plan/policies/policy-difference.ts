import { actionClass } from '../../action-class.js';
import type { Change, L7PolicyPatch } from '../../change.js';
import type { L7Policy, L7PolicyAction } from '../../model.js';
import { sameSource } from '../../model-equality.js';
import { isLive } from '../order/evaluation-order.js';
import { compareRules, createRules, type RuleDifference, type RuleOwner } from './rules.js';

/** How one policy of ours differs from what is wanted. */
export interface PolicyDifference {
  readonly current: L7Policy;
  readonly wanted: L7Policy;
  readonly patch: L7PolicyPatch;
  readonly rules: RuleDifference;
}

/** Which way a policy goes in the order of evaluation. */
export type Movement = 'forward' | 'backward' | 'none';

/**
 * - `gain`: it takes requests from what comes after it (it is new, moves forward, matches more), or sends the same
 *   requests elsewhere.
 * - `loss`: it leaves requests to what comes after it (it goes, moves backward, matches less).
 * - `exchange`: both.
 */
export type Effect = 'gain' | 'exchange' | 'loss';

/** Undefined: nothing differs. What is wanted disabled is as the router has it, so nothing is ever disabled for good. */
export function comparePolicy(current: L7Policy, wanted: L7Policy): PolicyDifference | undefined {
  const rules = compareRules(current.rules, wanted.rules);
  const retarget = !sameTarget(current, wanted);
  const resource = !sameSource(current.source, wanted.source);
  const enable = wanted.enabled && !current.enabled;
  if (!retarget && !resource && !enable && rules.added.length + rules.removed.length === 0) return undefined;
  const patch = {
    ...(retarget && targetOf(wanted)),
    ...(enable && { enabled: true }),
    ...(resource && { source: wanted.source }),
  };
  return { current, wanted, patch, rules };
}

export function effectOf(difference: PolicyDifference, movement: Movement): Effect {
  const { current, wanted, rules } = difference;
  if (!isLive(current)) return 'gain';
  if (!isLive(wanted)) return 'loss';
  const direction = directionOf(difference, movement);
  const gains = direction === 'forward' || rules.removed.length > 0;
  const loses = direction === 'backward' || rules.added.length > 0;
  if (gains && loses) return 'exchange';
  return loses ? 'loss' : 'gain';
}

/** Which way it goes when its action class, which counts before its position, is taken into account. */
export function directionOf({ current, wanted }: PolicyDifference, movement: Movement): Movement {
  const demotion = actionClass(wanted.action) - actionClass(current.action);
  if (demotion === 0) return movement;
  return demotion < 0 ? 'forward' : 'backward';
}

/**
 * The writes that make a policy what is wanted, in place. While it is live it matches, at every step, at least what it
 * matches both before and after, and never more than before and after together: it is given its new rules first, is
 * switched to its new target while it has both the old and the new ones, and loses the old ones last.
 *
 * It is disabled meanwhile only where that cannot be: where it has no rules before or after (it matches nothing then,
 * and with some of its rules too much), or where old and new ones together are too many for the router.
 *
 * @param position where it moves to
 */
export function changePolicy(
  listener: string,
  difference: PolicyDifference,
  position: number | undefined,
  maxRules: number,
): readonly Change[] {
  const { current, wanted, patch, rules } = difference;
  const owner = { listener, policy: wanted.key };
  const { added, removed } = rules;
  const updated = updatePolicy(owner, patch, position);
  const rewritten = rewriteRules(owner, rules);
  const comesToLifeByRule = current.enabled && current.rules.length === 0 && added.length <= 1;
  if (comesToLifeByRule) return [...updated, ...rewritten];
  if (!current.enabled) return [...rewritten, ...updated];

  const switches = patch.action !== undefined || position !== undefined;
  const exchanged = switches ? 0 : Math.min(added.length, removed.length, 1);
  const needsPause =
    current.rules.length === 0 ||
    wanted.rules.length === 0 ||
    current.rules.length + added.length - exchanged > Math.max(maxRules, current.rules.length);
  if (needsPause) return changeDisabled(listener, difference, position);
  return [
    ...rewriteRules(owner, { added: added.slice(exchanged), removed: [] }),
    ...(switches ? updated : []),
    ...rewriteRules(owner, { added: added.slice(0, exchanged), removed: removed.slice(0, exchanged) }),
    ...rewriteRules(owner, { added: [], removed: removed.slice(exchanged) }),
    ...(switches ? [] : updated),
  ];
}

/**
 * The writes that make a live policy what is wanted while another one takes whatever it matches now, and it goes no further
 * forward than that: its target first, and then all requests that it gains at once. Disabled meanwhile where that takes
 * several rules.
 */
export function changeUnnoticed(
  listener: string,
  difference: PolicyDifference,
  position: number | undefined,
): readonly Change[] {
  const { wanted, patch, rules } = difference;
  const atOnce = rules.added.length <= 1 && rules.removed.length <= 1;
  if (!atOnce) return changeDisabled(listener, difference, position);
  const owner = { listener, policy: wanted.key };
  return [...updatePolicy(owner, patch, position), ...rewriteRules(owner, rules)];
}

/** The writes that make a live policy what is wanted while it is disabled and matches nothing. */
export function changeDisabled(
  listener: string,
  { wanted, patch, rules }: PolicyDifference,
  position: number | undefined,
): readonly Change[] {
  const owner = { listener, policy: wanted.key };
  return [
    ...updatePolicy(owner, { enabled: false }, undefined),
    ...rewriteRules(owner, rules),
    ...updatePolicy(owner, { ...patch, enabled: true }, position),
  ];
}

/** One write, or none where nothing is to be written. */
export function updatePolicy(owner: RuleOwner, patch: L7PolicyPatch, position: number | undefined): readonly Change[] {
  if (isEmpty(patch) && position === undefined) return [];
  return [{ type: 'updatePolicy', ...owner, patch, ...(position !== undefined && { position }) }];
}

/** With the fewest writes, whatever the policy matches meanwhile. */
function rewriteRules(owner: RuleOwner, { added, removed }: RuleDifference): readonly Change[] {
  const changes: Change[] = [];
  for (const [index, from] of removed.entries()) {
    const to = added[index];
    if (to === undefined) changes.push({ type: 'deleteRule', ...owner, rule: from });
    else changes.push({ type: 'updateRule', ...owner, from, to });
  }
  return [...changes, ...createRules(owner, added.slice(removed.length))];
}

type Target = { readonly action: L7PolicyAction } & L7PolicyPatch;

/** The action and all that belongs to it. Octavia changes the action with any redirect field, so they go together. */
function targetOf(policy: L7Policy): Target {
  const { action, redirectPool, redirectUrl, redirectPrefix, statusCode } = policy;
  const redirectHttpCode = redirectCode(policy);
  switch (action) {
    case 'REJECT':
      return { action };
    case 'REDIRECT_TO_POOL':
      return { action, ...(redirectPool !== undefined && { redirectPool }) };
    case 'REDIRECT_TO_URL':
      return { action, ...(redirectUrl !== undefined && { redirectUrl }), redirectHttpCode };
    case 'REDIRECT_PREFIX':
      return { action, ...(redirectPrefix !== undefined && { redirectPrefix }), redirectHttpCode };
    case 'FIXED_RESPONSE':
      return { action, ...(statusCode !== undefined && { statusCode }) };
  }
}

/** Compares what belongs to the action, and nothing that a backend may have left over from another one. */
function sameTarget(current: L7Policy, wanted: L7Policy): boolean {
  if (current.action !== wanted.action) return false;
  switch (wanted.action) {
    case 'REJECT':
      return true;
    case 'REDIRECT_TO_POOL':
      return current.redirectPool === wanted.redirectPool;
    case 'REDIRECT_TO_URL':
      return current.redirectUrl === wanted.redirectUrl && redirectCode(current) === redirectCode(wanted);
    case 'REDIRECT_PREFIX':
      return current.redirectPrefix === wanted.redirectPrefix && redirectCode(current) === redirectCode(wanted);
    case 'FIXED_RESPONSE':
      return current.statusCode === wanted.statusCode;
  }
}

/** Octavia's default. It is always told: a PUT without it would keep the one before. */
function redirectCode({ redirectHttpCode = 302 }: L7Policy): number {
  return redirectHttpCode;
}

function isEmpty(patch: L7PolicyPatch): boolean {
  return Object.keys(patch).length === 0;
}
