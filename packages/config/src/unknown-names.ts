import type { ConfigurationNotice } from './configuration-notice.js';
import { environmentVariable, type GivenSources, normalizedSection } from './given-texts.js';
import type { IniAssignment, IniFile } from './ini-parser.js';
import { KNOWN_KURYR_OPTIONS } from './known-kuryr-options.js';
import { nearest } from './nearest.js';
import type { Option } from './option.js';

/**
 * Tells of sections and options that nothing reads, which oslo.config ignores in silence: each with what was probably
 * meant, those of Kuryr that this program does not use in one note together, and so those of plugins not in use.
 */
export function unknownNames(
  options: readonly Option[],
  { files, environment }: GivenSources,
  unusedOptions: readonly Option[] = [],
): ConfigurationNotice[] {
  const known = new KnownNames(options, unusedOptions);
  const notices = [...unknownSections(known, files)];
  const unused: OptionName[] = [];
  for (const assignment of files.flatMap((file) => file.assignments)) {
    const group = normalizedSection(assignment.section);
    if (known.isUsed(group, assignment.name)) continue;
    if (known.isUnused(group, assignment.name)) {
      unused.push({ group, name: assignment.name });
    } else {
      const message = unknownOption(known, assignment);
      if (message !== undefined) notices.push(warning(`${assignment.file}:${assignment.line}: ${message}`));
    }
  }
  notices.push(...unknownVariables(known, environment, unused));
  const ofPlugins = unused.filter(({ group, name }) => known.isOfPlugin(group, name));
  const kuryrs = unused.filter((name) => !ofPlugins.includes(name));
  if (ofPlugins.length > 0) notices.push(info(`of plugins that are not in use: ${bySection(ofPlugins)}`));
  if (kuryrs.length > 0) notices.push(info(`known to Kuryr, not used here: ${bySection(kuryrs)}`));
  return notices;
}

type OptionName = Pick<Option, 'group' | 'name'>;

class KnownNames {
  readonly #used = new Map<string, string[]>();
  readonly #current = new Map<string, string[]>();

  readonly #unused = new Map<string, string[]>();

  constructor(options: readonly Option[], unusedOptions: readonly Option[]) {
    for (const { group, name, deprecatedNames = [] } of options) {
      append(this.#current, group, name);
      append(this.#used, group, name, ...deprecatedNames);
    }
    for (const { group, name, deprecatedNames = [] } of unusedOptions) {
      append(this.#unused, group, name, ...deprecatedNames);
    }
  }

  /** Sections of this program, those of plugins not in use, then Kuryr's others. */
  sections(): readonly string[] {
    return [...new Set([...this.#used.keys(), ...this.#unused.keys(), ...KNOWN_KURYR_OPTIONS.keys()])];
  }

  /** Names to suggest: those in use, without deprecated ones, before those only Kuryr knows. */
  names(group: string): readonly string[] {
    return [this.#current, this.#unused, KNOWN_KURYR_OPTIONS].flatMap((names) => names.get(group) ?? []);
  }

  /** Under its own name, not under a deprecated one, which only files may have. */
  isCurrent(group: string, name: string): boolean {
    return this.#current.get(group)?.includes(name) ?? false;
  }

  isUsed(group: string, name: string): boolean {
    return this.#used.get(group)?.includes(name) ?? false;
  }

  isOfPlugin(group: string, name: string): boolean {
    return this.#unused.get(group)?.includes(name) ?? false;
  }

  /** Of a plugin not in use, or of Kuryr only. */
  isUnused(group: string, name: string): boolean {
    return this.isOfPlugin(group, name) || (KNOWN_KURYR_OPTIONS.get(group)?.includes(name) ?? false);
  }

  /** The section in which an option of exactly this name is in use, or otherwise known. */
  home(name: string): string | undefined {
    const sections = this.sections();
    return sections.find((group) => this.isUsed(group, name)) ?? sections.find((group) => this.isUnused(group, name));
  }
}

function* unknownSections(known: KnownNames, files: readonly IniFile[]): Iterable<ConfigurationNotice> {
  const told = new Set<string>();
  for (const { name, file, line } of files.flatMap(({ sections }) => sections)) {
    if (known.sections().includes(normalizedSection(name)) || told.has(name)) continue;
    told.add(name);
    const meant = nearest(name, known.sections());
    const hint = meant === undefined ? '' : `; did you mean [${meant}]?`;
    yield warning(`${file}:${line}: unknown section [${name}] is ignored${hint}`);
  }
}

/** Undefined where the warning about its section says all there is to say. */
function unknownOption(
  known: KnownNames,
  { section, name }: Pick<IniAssignment, 'section' | 'name'>,
): string | undefined {
  const group = normalizedSection(section);
  const home = known.home(name);
  const near = nearest(name, known.names(group));
  if (home !== undefined && home !== group) return `[${section}] has no ${name}; it belongs to [${home}]`;
  if (near !== undefined) return `[${section}] has no ${name}; did you mean ${near}?`;
  for (const other of known.sections()) {
    const meant = nearest(name, known.names(other));
    if (meant !== undefined && other !== group)
      return `[${section}] has no ${name}; did you mean ${meant} in [${other}]?`;
  }
  return known.sections().includes(group) ? `[${section}] has no ${name}; it is ignored` : undefined;
}

/** Only variables of our sections: other programs have `OS_…` variables of their own. */
function* unknownVariables(
  known: KnownNames,
  environment: GivenSources['environment'],
  unused: OptionName[],
): Iterable<ConfigurationNotice> {
  for (const variable of Object.keys(environment).sort()) {
    const group = known
      .sections()
      .find((section) => variable.startsWith(environmentVariable({ group: section, name: '' })));
    if (group === undefined) continue;
    const name = variable.slice(environmentVariable({ group, name: '' }).length).toLowerCase();
    if (known.isCurrent(group, name)) continue;
    if (known.isUnused(group, name) && !known.isUsed(group, name)) unused.push({ group, name });
    else yield warning(`environment ${variable}: ${unknownOption(known, { section: group, name }) ?? 'it is ignored'}`);
  }
}

function bySection(names: readonly OptionName[]): string {
  const groups = new Map<string, string[]>();
  for (const { group, name } of names) append(groups, group, name);
  return [...groups].map(([group, list]) => `[${group}] ${[...new Set(list)].join(', ')}`).join('; ');
}

function append(lists: Map<string, string[]>, key: string, ...values: readonly string[]): void {
  lists.set(key, [...(lists.get(key) ?? []), ...values]);
}

function warning(message: string): ConfigurationNotice {
  return { level: 'warning', message };
}

function info(message: string): ConfigurationNotice {
  return { level: 'info', message };
}
