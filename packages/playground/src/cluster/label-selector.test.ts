import { describe, expect, it } from '@jest/globals';
import { type LabelSelectorRequirement, matchesSelector } from './kinds/label-selector.js';

describe('matchesSelector', () => {
  it.each<[LabelSelectorRequirement['operator'], boolean, boolean, boolean]>([
    ['In', true, false, false],
    ['NotIn', false, true, true],
    ['Exists', true, true, false],
    ['DoesNotExist', false, false, true],
  ])('%s', (operator, listed, other, absent) => {
    const selector = { matchExpressions: [{ key: 'tier', operator, values: ['web', 'api'] }] };
    expect(matchesSelector(selector, { tier: 'web' })).toBe(listed);
    expect(matchesSelector(selector, { tier: 'db' })).toBe(other);
    expect(matchesSelector(selector, undefined)).toBe(absent);
  });

  it('wants every label and every expression', () => {
    const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'tier', operator: 'Exists' as const }] };
    expect(matchesSelector(selector, { app: 'a', tier: 'x' })).toBe(true);
    expect(matchesSelector(selector, { app: 'a' })).toBe(false);
    expect(matchesSelector(selector, { tier: 'x' })).toBe(false);
  });
});
