import type { HealthMonitor } from '@kuryr-l7/router';

/** Settings of a health monitor that may be left to Octavia, which then fills in its defaults (GET, /, 200). */
const OPTIONAL = ['httpMethod', 'urlPath', 'expectedCodes'] as const;

export type OptionalSetting = (typeof OPTIONAL)[number];

const LABEL = 'kuryr-default';

/** Tags that say what was left to Octavia, so that its defaults are not taken for something that somebody has set. */
export function defaultTags(monitor: HealthMonitor): readonly string[] {
  return OPTIONAL.filter((name) => monitor[name] === undefined).map((name) => `${LABEL}=${name}`);
}

export function leftToOctavia(tags: readonly string[], setting: OptionalSetting): boolean {
  return tags.includes(`${LABEL}=${setting}`);
}
