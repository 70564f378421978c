import {
  ENABLED_HANDLERS,
  type Option,
  POD_PROJECT_DRIVER,
  POD_SECURITY_GROUPS_DRIVER,
  POD_VIF_DRIVER,
  SERVICE_PROJECT_DRIVER,
  SERVICE_SECURITY_GROUPS_DRIVER,
  VIF_POOL_DRIVER,
} from '@kuryr-l7/config';

/** A name in kuryr.conf that no plugin has: `impossible` can't be an npm package's name, `unknown` is that of none here. */
export interface FlawedName {
  readonly name: string;
  readonly flaw: 'impossible' | 'unknown';
}

/** Handlers of Kuryr, in any of its releases, that are found in a kuryr.conf written for it. */
const KURYR_HANDLERS: ReadonlySet<string> = new Set([
  'ocproute',
  'namespace',
  'policy',
  'pod_label',
  'kuryrnet',
  'kuryrnetpolicy',
  'endpoints',
  'service',
  'kuryrloadbalancer',
  'kuryrport',
  'kuryrnetwork',
  'kuryrnetwork_population',
  'kuryrnetworkpolicy',
]);

/** And so its drivers, by the option that names them. */
const KURYR_DRIVERS: ReadonlyMap<string, readonly string[]> = new Map([
  [POD_PROJECT_DRIVER.name, ['annotation']],
  [SERVICE_PROJECT_DRIVER.name, ['annotation']],
  [POD_SECURITY_GROUPS_DRIVER.name, ['namespace', 'policy']],
  [SERVICE_SECURITY_GROUPS_DRIVER.name, ['namespace', 'policy']],
  [POD_VIF_DRIVER.name, ['nested-macvlan', 'nested-dpdk', 'sriov']],
  [VIF_POOL_DRIVER.name, ['multi_pool']],
]);

/** A package of npm's registry, with or without scope; a file in it may follow. */
const PACKAGE_NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*(?:\/[\w.~-]+)*$/;

export const isPackageName = (name: string): boolean => PACKAGE_NAME.test(name);

/** What is wrong with the names that an option gives, and what to write instead: all of one flaw in one sentence. */
export function describeNames(
  option: Option,
  flawed: readonly FlawedName[],
  loaded: readonly string[],
  known: readonly string[],
): readonly string[] {
  const impossible = flawed.filter(({ flaw }) => flaw === 'impossible').map(({ name }) => name);
  const missing = flawed.filter(({ flaw }) => flaw === 'unknown').map(({ name }) => name);
  const kuryrs = option.name === ENABLED_HANDLERS.name ? missing.filter((name) => KURYR_HANDLERS.has(name)) : [];
  const kuryrDrivers = missing.filter((name) => KURYR_DRIVERS.get(option.name)?.includes(name));
  const unknown = missing.filter((name) => !kuryrs.includes(name) && !kuryrDrivers.includes(name));
  const reasons: string[] = [];
  if (impossible.length > 0) {
    reasons.push(`${quotedList(impossible)} can't be the name of a plugin or of an npm package${hint(impossible)}`);
  }
  if (kuryrs.length > 0) {
    const line = `${ENABLED_HANDLERS.name} = ${[...new Set([...loaded, ...ENABLED_HANDLERS.default])].join(',')}`;
    reasons.push(`this release does not have ${quotedList(kuryrs)} of Kuryr's handlers; write ${line}`);
  }
  if (kuryrDrivers.length > 0) {
    const choice = [...known]
      .sort()
      .join(', ')
      .replace(/, ([^,]+)$/, ' or $1');
    reasons.push(
      `this release does not have ${quotedList(kuryrDrivers)} of Kuryr's drivers; write ${option.name} = ${choice}`,
    );
  }
  if (unknown.length > 0) {
    const names = [...known].sort().join(', ');
    reasons.push(
      `there is no ${quotedList(unknown)} (known here: ${names}; any other name has to be an installed npm package)`,
    );
  }
  return reasons;
}

function hint(names: readonly string[]): string {
  if (names.some((name) => /[#;]/.test(name))) {
    return '; there are no comments behind a value: give the comment a line of its own';
  }
  if (names.some((name) => name === '')) return '; it is empty';
  return names.some((name) => /\s/.test(name)) ? '; names are separated by commas' : '';
}

function quotedList(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
