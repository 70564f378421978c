import type { Origin } from './configuration-origin.js';
import type { IniFile } from './ini-parser.js';
import type { Option } from './option.js';

/** A value of an option as somebody wrote it. */
export interface GivenText {
  readonly text: string;
  readonly origin: Origin;
  /** The deprecated name that it was written under. */
  readonly deprecatedName?: string;
}

/** A value from the command line. */
export interface Override {
  readonly option: Option;
  readonly text: string;
  /** For messages, e.g. `--debug`. */
  readonly flag?: string;
}

export interface GivenSources {
  /** In the order read. */
  readonly files: readonly IniFile[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly overrides: readonly Override[];
}

/**
 * What was written for an option, by the precedence of oslo.config: command line, environment, files, the later file
 * before the earlier one. Several texts only where a name is repeated; the last one counts, or all for a multi-string.
 */
export function givenTexts(option: Option, { files, environment, overrides }: GivenSources): readonly GivenText[] {
  const fromCommandLine = overrides
    .filter((override) => override.option.group === option.group && override.option.name === option.name)
    .map(
      ({ text, flag }): GivenText => ({
        text,
        origin: { kind: 'command line', ...(flag === undefined ? {} : { flag }) },
      }),
    );
  if (fromCommandLine.length > 0) return fromCommandLine;

  const variable = environmentVariable(option);
  const fromEnvironment = environment[variable];
  if (fromEnvironment !== undefined) return [{ text: fromEnvironment, origin: { kind: 'environment', variable } }];

  const byFile = files.map((file) => fromFile(option, file));
  return option.type.multiple === undefined ? (byFile.findLast((texts) => texts.length > 0) ?? []) : byFile.flat();
}

/** `OS_<GROUP>__<OPTION>`. */
export function environmentVariable({ group, name }: Pick<Option, 'group' | 'name'>): string {
  return `OS_${group}__${name}`.toUpperCase();
}

/** Section names are the same in any case, except `DEFAULT`, which is only itself. */
export function normalizedSection(name: string): string {
  return name === 'DEFAULT' ? name : name.toLowerCase();
}

/** Within one file the option's own name goes before its deprecated ones, wherever they stand. */
function fromFile(option: Option, file: IniFile): readonly GivenText[] {
  const assignments = file.assignments.filter(({ section }) => normalizedSection(section) === option.group);
  const under = (name: string, deprecated: boolean) =>
    assignments
      .filter((assignment) => assignment.name === name)
      .map(
        ({ text, file, line }): GivenText => ({
          text,
          origin: { kind: 'file', file, line },
          ...(deprecated ? { deprecatedName: name } : {}),
        }),
      );
  const byName = [under(option.name, false), ...(option.deprecatedNames ?? []).map((name) => under(name, true))];
  return option.type.multiple === undefined
    ? (byName.find((texts) => texts.length > 0) ?? [])
    : byName.reverse().flat();
}
