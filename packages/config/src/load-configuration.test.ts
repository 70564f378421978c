import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationDirectory } from './configuration-directory.fixture.js';
import { ConfigurationFileError } from './configuration-file-error.js';
import { describeOrigin } from './configuration-origin.js';
import { type ConfigurationRequest, loadConfiguration, readConfiguration } from './load-configuration.js';
import type { Option } from './option.js';
import { boolean } from './types/boolean.js';
import { list } from './types/list.js';
import { multiString } from './types/multi-string.js';
import { integer } from './types/number.js';
import { string } from './types/string.js';

const DEBUG: Option<boolean> = { group: 'DEFAULT', name: 'debug', type: boolean(), default: false, help: '' };
const HOST: Option<string> = { group: 'DEFAULT', name: 'host', type: string(), default: 'localhost', help: '' };
const UUID: Option<string> = {
  group: 'ingress',
  name: 'l7_router_uuid',
  type: string(),
  default: '',
  help: '',
  deprecatedNames: ['router_uuid', 'router'],
};
const PERIOD: Option<number> = {
  group: 'ingress',
  name: 'resync_period',
  type: integer({ minimum: 1 }),
  default: 300,
  help: '',
};
const HANDLERS: Option<readonly string[]> = {
  group: 'kubernetes',
  name: 'enabled_handlers',
  type: list(),
  default: ['lb'],
  help: '',
};
const HEADERS: Option<readonly string[]> = {
  group: 'ingress',
  name: 'header',
  type: multiString(),
  default: [],
  help: '',
};
const PASSWORD: Option<string> = {
  group: 'neutron',
  name: 'password',
  type: string(),
  default: '',
  help: '',
  secret: true,
};
const OPTIONS: readonly Option[] = [DEBUG, HOST, UUID, PERIOD, HANDLERS, HEADERS, PASSWORD];

let directory: ConfigurationDirectory;
beforeEach(() => {
  directory = new ConfigurationDirectory();
});
afterEach(() => directory.remove());

function load(content: string, request: Partial<ConfigurationRequest> = {}) {
  return loadConfiguration({
    options: OPTIONS,
    defaultSearch: false,
    configFiles: [directory.write('kuryr.conf', content)],
    ...request,
  });
}

/** The message of the refusal, the directory's name left out. */
function refusal(content: string, request: Partial<ConfigurationRequest> = {}): string {
  try {
    load(content, request);
  } catch (error) {
    if (error instanceof ConfigurationFileError) return error.message.replaceAll(`${directory.path}/`, '');
    throw error;
  }
  return 'not refused';
}

function warnings(content: string, request: Partial<ConfigurationRequest> = {}): readonly string[] {
  return load(content, request).warnings.map(({ message }) => message.replaceAll(`${directory.path}/`, ''));
}

describe('a value', () => {
  it('is the default where nobody gives one', () => {
    const { configuration } = load('');
    expect(OPTIONS.map((option) => configuration.get(option))).toEqual([false, 'localhost', '', 300, ['lb'], [], '']);
    expect(configuration.origin(DEBUG)).toEqual({ kind: 'default' });
  });

  it('comes from the command line, else the environment, else the files', () => {
    const file = '[DEFAULT]\nhost = file\n';
    const environment = { OS_DEFAULT__HOST: 'environment' };
    const overrides = [{ option: HOST, text: 'command line', flag: '--host' }];
    const cases = [load(file), load(file, { environment }), load(file, { environment, overrides })];
    expect(cases.map(({ configuration }) => configuration.get(HOST))).toEqual(['file', 'environment', 'command line']);
    expect(cases.map(({ configuration }) => describeOrigin(configuration.origin(HOST)))).toEqual([
      `${directory.path}/kuryr.conf:2`,
      'environment OS_DEFAULT__HOST',
      'command line --host',
    ]);
  });

  it('may be empty in the environment, and is neither trimmed nor unquoted there', () => {
    expect(load('[DEFAULT]\nhost = a', { environment: { OS_DEFAULT__HOST: '' } }).configuration.get(HOST)).toBe('');
    expect(load('', { environment: { OS_DEFAULT__HOST: '"a" ' } }).configuration.get(HOST)).toBe('"a" ');
  });

  it('is the last one of repeated ones, in a section opened again too', () => {
    const { configuration } = load(
      '[ingress]\nresync_period = 1\n[DEFAULT]\n[ingress]\nresync_period = 2\nresync_period = 3',
    );
    expect(configuration.get(PERIOD)).toBe(3);
  });

  it('is that of the later file', () => {
    const later = directory.write('later.conf', '[ingress]\nresync_period = 2');
    const files = [directory.write('a.conf', '[ingress]\nresync_period = 1\nl7_router_uuid = r'), later];
    const { configuration, sources } = load('', { configFiles: files });
    expect([configuration.get(PERIOD), configuration.get(UUID)]).toEqual([2, 'r']);
    expect(sources).toEqual(files);
  });

  it('of a multi-string is all of them, earlier files first', () => {
    const files = [
      directory.write('a.conf', '[ingress]\nheader = 1\nheader = 2,3'),
      directory.write('b.conf', '[ingress]\nheader = 4'),
    ];
    expect(load('', { configFiles: files }).configuration.get(HEADERS)).toEqual(['1', '2,3', '4']);
  });

  it('of a multi-string under deprecated names goes before those under its own, file by file', () => {
    const option = { ...HEADERS, deprecatedNames: ['head'] };
    const configFiles = [
      directory.write('a.conf', '[ingress]\nheader = 1\nhead = 2'),
      directory.write('b.conf', '[ingress]\nheader = 3\nhead = 4'),
    ];
    const { configuration } = load('', { configFiles, options: [option] });
    expect(configuration.get(option)).toEqual(['2', '1', '4', '3']);
  });

  it('is found in a section written in any case', () => {
    expect(load('[Ingress]\nresync_period = 1\n[INGRESS]\nl7_router_uuid = r').configuration.get(PERIOD)).toBe(1);
    expect(load('[ingress]\nresync_period = 1\n[Ingress]\nresync_period = 2').configuration.get(PERIOD)).toBe(2);
  });

  it('is not found in [default], which is not [DEFAULT], nor under a name in capitals', () => {
    expect(load('[default]\nhost = a\n[DEFAULT]\nHOST = b').configuration.get(HOST)).toBe('localhost');
  });

  it('is refused to who asks for an option that was not loaded', () => {
    const other: Option<boolean> = { ...DEBUG, name: 'other' };
    expect(() => load('').configuration.get(other)).toThrow(
      '[DEFAULT] other is not among the options that were loaded',
    );
    expect(() => load('').configuration.get({ ...DEBUG })).toThrow(RangeError);
  });
});

describe('a deprecated name', () => {
  it('is read, with a warning', () => {
    const content = '[ingress]\nrouter_uuid = r';
    expect(load(content).configuration.get(UUID)).toBe('r');
    expect(warnings(content)).toEqual([
      'kuryr.conf:2: Option "router_uuid" from group "ingress" is deprecated. Use option "l7_router_uuid" from group "ingress".',
    ]);
  });

  it('gives way to the current name in the same file, wherever that stands', () => {
    const content = '[ingress]\nl7_router_uuid = new\nrouter_uuid = old\nrouter = older';
    expect(load(content).configuration.get(UUID)).toBe('new');
    expect(warnings(content)).toEqual([]);
  });

  it('goes before the current name in an earlier file', () => {
    const configFiles = [
      directory.write('a.conf', '[ingress]\nl7_router_uuid = a'),
      directory.write('b.conf', '[ingress]\nrouter = b'),
    ];
    expect(load('', { configFiles }).configuration.get(UUID)).toBe('b');
  });

  it('is not read from the environment', () => {
    const environment = { OS_INGRESS__ROUTER_UUID: 'r' };
    expect(load('', { environment }).configuration.get(UUID)).toBe('');
    expect(warnings('', { environment })).toEqual([
      'environment OS_INGRESS__ROUTER_UUID: [ingress] has no router_uuid; did you mean l7_router_uuid?',
    ]);
  });
});

describe('substitution', () => {
  it('takes options of the same section, then of [DEFAULT], then of the section that is named', () => {
    const content = `[DEFAULT]\nhost = h\n[ingress]\nresync_period = 5\nl7_router_uuid = $resync_period $host \${kubernetes.enabled_handlers}`;
    expect(load(content).configuration.get(UUID)).toBe('5 h lb');
  });

  it('takes values from everywhere, and does so in values from everywhere', () => {
    const { configuration } = load('', {
      environment: { OS_INGRESS__L7_ROUTER_UUID: '$host' },
      overrides: [{ option: HOST, text: `\${ingress.resync_period}` }],
    });
    expect([configuration.get(UUID), configuration.get(HOST)]).toEqual(['300', '300']);
  });

  it('writes booleans as Python does', () => {
    expect(load('[DEFAULT]\nhost = $debug').configuration.get(HOST)).toBe('False');
  });

  it('comes before the type is looked at', () => {
    expect(load('[DEFAULT]\nhost = 7\n[ingress]\nresync_period = $host').configuration.get(PERIOD)).toBe(7);
  });

  it('leaves unknown names as they are, with a warning', () => {
    const content = `[DEFAULT]\nhost = $nobody.x \${nobody.x}$$host`;
    expect(load(content).configuration.get(HOST)).toBe(`$nobody.x \${nobody.x}$host`);
    expect(warnings(content)).toEqual([
      'kuryr.conf:2: [DEFAULT] host: there is no option for the substitution $nobody.x, which was left as it is; write \\$ for a dollar sign',
    ]);
  });

  it('that leads back to itself is refused', () => {
    expect(refusal('[DEFAULT]\nhost = $host')).toBe(
      'kuryr.conf:2: [DEFAULT] host: the substitution of $host leads back to this option',
    );
    expect(refusal(`[DEFAULT]\nhost = \${ingress.l7_router_uuid}\n[ingress]\nl7_router_uuid = $host`)).toContain(
      'leads back',
    );
  });

  it('of a bad value is refused along with that value', () => {
    expect(refusal(`[DEFAULT]\nhost = \${ingress.resync_period}\n[ingress]\nresync_period = soon`)).toBe(
      "kuryr.conf:4: [ingress] resync_period: 'soon' is not an integer\n" +
        'kuryr.conf:2: [DEFAULT] host: $ingress.resync_period is substituted here, and [ingress] resync_period has no valid value',
    );
  });

  it.each([
    ['pa$host', 'palocalhost', /taken for a substitution/],
    ['pa$$word', 'pa$word', /taken for a substitution/],
    ['pa$word', 'pa$word', /looks like a substitution/],
  ])('in a password such as %s is warned about without showing it', (text, value, warning) => {
    const content = `[neutron]\npassword = ${text}`;
    expect(load(content).configuration.get(PASSWORD)).toBe(value);
    expect(warnings(content)).toEqual([expect.stringMatching(warning)]);
    expect(warnings(content).join()).not.toContain('word,');
    expect(warnings(content).join()).not.toMatch(/\$(word|host)/);
  });

  it('is not seen in a password with a $ that stands for itself', () => {
    expect(warnings('[neutron]\npassword = $1a$')).toEqual([]);
  });
});

describe('bad values', () => {
  it('are all reported, each with its file and line, its variable or its flag', () => {
    expect(
      refusal('[DEFAULT]\ndebug = maybe\n\n[Ingress]\nresync_period = 0', {
        environment: { OS_INGRESS__RESYNC_PERIOD: 'often' },
      }),
    ).toBe(
      "kuryr.conf:2: [DEFAULT] debug: Unexpected boolean value 'maybe'; allowed: true, 1, on, yes, false, 0, off, no\n" +
        "environment OS_INGRESS__RESYNC_PERIOD: [ingress] resync_period: 'often' is not an integer",
    );
    expect(refusal('', { overrides: [{ option: PERIOD, text: '0', flag: '--resync-period' }] })).toBe(
      'command line --resync-period: [ingress] resync_period: Should be greater than or equal to 1, but found 0',
    );
  });

  it('that are overridden do not matter', () => {
    expect(refusal('[DEFAULT]\ndebug = maybe\ndebug = yes')).toBe('not refused');
  });

  it('make an error that says no retry will help', () => {
    expect(() => load('[DEFAULT]\ndebug = maybe')).toThrow(
      expect.objectContaining({ name: 'ConfigurationFileError', code: 'ERR_CONFIGURATION', retryable: false }),
    );
  });

  it('come with the warnings, as an unknown name is often why', () => {
    expect(() => load('[DEFAULT]\ndebug = maybe\ndebg = yes')).toThrow(
      expect.objectContaining({
        warnings: [{ level: 'warning', message: expect.stringContaining('did you mean debug?') }],
      }),
    );
  });

  it('are left out of a configuration that is read all the same', () => {
    const configFiles = [directory.write('kuryr.conf', '[DEFAULT]\ndebug = maybe\nhost = there')];
    const { configuration, problems } = readConfiguration({ options: OPTIONS, configFiles });
    expect(problems).toHaveLength(1);
    expect([configuration.has(DEBUG), configuration.has(HOST), configuration.get(HOST)]).toEqual([
      false,
      true,
      'there',
    ]);
  });

  it('of a secret are not shown, nor those that a secret was substituted into', () => {
    const pin: Option<number> = { group: 'neutron', name: 'pin', type: integer(), default: 0, help: '', secret: true };
    const period = `[ingress]\nresync_period = \${neutron.password}\n[neutron]\npassword = s3cret\npin = s3cret`;
    const message = refusal(period, { options: [...OPTIONS, pin] });
    expect(message).toBe(
      'kuryr.conf:2: [ingress] resync_period: not a valid integer value (a secret, not shown)\n' +
        'kuryr.conf:5: [neutron] pin: not a valid integer value (a secret, not shown)',
    );
  });
});

describe('bad files', () => {
  it('are all reported, together with the bad values of the others', () => {
    const configFiles = [
      directory.write('a.conf', '[DEFAULT\n'),
      directory.write('b.conf', new Uint8Array([0x5b, 0xff, 0x5d])),
      `${directory.path}/missing.conf`,
      directory.write('c.conf', '[ingress]\nresync_period = x'),
    ];
    expect(refusal('', { configFiles })).toBe(
      "a.conf:1: Invalid section (must end with ]): '[DEFAULT'\n" +
        'b.conf: Failed to read config file: The encoded data was not valid for encoding utf-8\n' +
        'missing.conf: Failed to read config file: no such file or directory\n' +
        "c.conf:2: [ingress] resync_period: 'x' is not an integer",
    );
  });
});

it('refuses two different options of one name, and takes the same one twice', () => {
  expect(() => load('', { options: [DEBUG, { ...DEBUG }] })).toThrow('duplicate option: [DEFAULT] debug');
  expect(load('', { options: [DEBUG, DEBUG] }).configuration.get(DEBUG)).toBe(false);
});
