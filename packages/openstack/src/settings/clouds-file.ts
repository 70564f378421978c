import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { CloudConfigurationError } from '../errors/cloud-configuration-error.js';
import { reasonOf } from '../errors/reason-of.js';
import { isRecord, type JsonRecord } from '../json.js';

/** Where clouds.yaml is looked for. */
export interface CloudsFileSearch {
  /** @default process.env: OS_CLIENT_CONFIG_FILE, OS_CLIENT_SECURE_FILE, XDG_CONFIG_HOME, HOME */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** @default the working directory, ~/.config/openstack, /etc/openstack */
  readonly directories?: readonly string[];
}

/** clouds.yaml with secure.yaml merged into it. */
export interface CloudsFile {
  readonly path: string;
  readonly clouds: JsonRecord;
}

/**
 * Reads the first clouds.yaml (or .yml) there is, and the first secure.yaml in the same places, as openstacksdk does.
 *
 * @throws CloudConfigurationError when there is none, or it can't be read
 */
export async function readCloudsFile(search: CloudsFileSearch = {}): Promise<CloudsFile> {
  const environment = search.environment ?? process.env;
  const candidates = candidatesFor('clouds', environment.OS_CLIENT_CONFIG_FILE, search);
  const found = await firstOf(candidates);
  if (found === undefined) {
    throw new CloudConfigurationError(
      `no clouds.yaml to be found (looked for ${candidates.join(', ')}): write one, or name it in OS_CLIENT_CONFIG_FILE`,
    );
  }
  const beside = ['yaml', 'yml'].map((extension) => join(dirname(found.path), `secure.${extension}`));
  const secure = await firstOf([...beside, ...candidatesFor('secure', environment.OS_CLIENT_SECURE_FILE, search)]);
  return { path: found.path, clouds: merged(cloudsOf(found), secure === undefined ? {} : cloudsOf(secure)) };
}

interface YamlFile {
  readonly path: string;
  readonly content: unknown;
}

function candidatesFor(
  name: 'clouds' | 'secure',
  named: string | undefined,
  { environment = process.env, directories }: CloudsFileSearch,
): readonly string[] {
  if (named !== undefined && named !== '') return [named];
  const configHome = environment.XDG_CONFIG_HOME || join(environment.HOME ?? '/', '.config');
  return (directories ?? ['.', join(configHome, 'openstack'), '/etc/openstack']).flatMap((directory) =>
    ['yaml', 'yml'].map((extension) => join(directory, `${name}.${extension}`)),
  );
}

async function firstOf(paths: readonly string[]): Promise<YamlFile | undefined> {
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw new CloudConfigurationError(`${path} can't be read: ${reasonOf(error)}`, { cause: error });
    });
    if (text !== undefined) return { path, content: yamlOf(path, text) };
  }
  return undefined;
}

/** The parser's own messages and warnings are left out: they quote lines, which may hold a secret. */
function yamlOf(path: string, text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    const code = isRecord(error) && typeof error.code === 'string' ? ` (${error.code})` : '';
    throw new CloudConfigurationError(`${path} is not YAML${code}: correct it`);
  }
}

function cloudsOf({ path, content }: YamlFile): JsonRecord {
  const clouds = isRecord(content) ? content.clouds : undefined;
  if (isRecord(clouds)) return clouds;
  throw new CloudConfigurationError(`${path}: clouds: an object of clouds by name was expected`);
}

function merged(base: JsonRecord, over: JsonRecord): JsonRecord {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = base[key];
    result[key] = isRecord(below) && isRecord(value) ? merged(below, value) : value;
  }
  return result;
}
