import { readFileSync } from 'node:fs';
import { ConfigurationFileError, type ConfigurationProblem } from './configuration-file-error.js';
import type { ConfigurationNotice } from './configuration-notice.js';
import { type ConfigurationPlaces, findConfigurationFiles, reasonOf } from './configuration-search.js';
import { ConfigurationValues } from './configuration-values.js';
import type { GivenSources, Override } from './given-texts.js';
import { type IniFile, IniSyntaxError, parseIni } from './ini-parser.js';
import type { Option } from './option.js';
import { OptionResolver } from './option-resolver.js';
import { unknownNames } from './unknown-names.js';

export interface ConfigurationRequest extends ConfigurationPlaces {
  /** The options to read. Any other name found is warned about. */
  readonly options: readonly Option[];
  /** Options of plugins that are not in use: neither read nor checked, but no unknown names. Default: none. */
  readonly unusedOptions?: readonly Option[];
  /** Default: none. The command line gives `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Values from the command line; they go before all others. */
  readonly overrides?: readonly Override[];
}

export interface LoadedConfiguration {
  readonly configuration: ConfigurationValues;
  /** To be logged once the logger, which itself depends on the configuration, is there. */
  readonly warnings: readonly ConfigurationNotice[];
  /** The files that were read, the later ones overriding the earlier. */
  readonly sources: readonly string[];
}

/** A configuration with what is wrong with it. */
export interface ReadConfiguration extends LoadedConfiguration {
  /** Lacks the options whose values are wrong. */
  readonly configuration: ConfigurationValues;
  readonly problems: readonly ConfigurationProblem[];
}

/**
 * Reads kuryr.conf as oslo.config does: command line before environment (`OS_<GROUP>__<OPTION>`) before files before
 * defaults. Reads files synchronously: it is called before anything runs. The options of plugins are known only when
 * `enabled_handlers` has been read; load with those few options first, then again with all of them.
 * @throws ConfigurationFileError with everything that is wrong, and the warnings
 * @example
 * const { configuration } = loadConfiguration({ options: CORE_OPTIONS, environment: process.env });
 * configuration.get(L7_ROUTER_UUID);
 */
export function loadConfiguration(request: ConfigurationRequest): LoadedConfiguration {
  const { problems, ...loaded } = readConfiguration(request);
  if (problems.length > 0) throw new ConfigurationFileError(problems, loaded.warnings);
  return loaded;
}

/** {@link loadConfiguration} for a caller that has more to check before it refuses the file. */
export function readConfiguration(request: ConfigurationRequest): ReadConfiguration {
  const sources = findConfigurationFiles(request);
  const problems: ConfigurationProblem[] = [];
  const files = sources.flatMap((path) => readIniFile(path, problems));
  const given: GivenSources = { files, environment: request.environment ?? {}, overrides: request.overrides ?? [] };
  const resolver = new OptionResolver(request.options, given);
  const values = resolver.resolveAll();
  problems.push(...resolver.problems);
  return {
    configuration: new ConfigurationValues(values),
    warnings: [...resolver.notices, ...unknownNames(request.options, given, request.unusedOptions)],
    sources,
    problems,
  };
}

/** No file, and a problem more, where it cannot be read. */
function readIniFile(path: string, problems: ConfigurationProblem[]): readonly IniFile[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return [parseIni(text, path)];
  } catch (error) {
    if (error instanceof IniSyntaxError) {
      problems.push({ where: `${path}:${error.line}`, reason: error.reason });
    } else {
      problems.push({ where: path, reason: `Failed to read config file: ${reasonOf(error)}` });
    }
    return [];
  }
}
