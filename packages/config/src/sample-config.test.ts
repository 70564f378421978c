import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ConfigurationDirectory } from './configuration-directory.fixture.js';
import { loadConfiguration } from './load-configuration.js';
import type { Option } from './option.js';
import { CORE_OPTIONS } from './options/core-options.js';
import { sampleConfig } from './sample-config.js';
import { dict } from './types/dict.js';
import { multiString } from './types/multi-string.js';
import { port } from './types/number.js';
import { oneOf } from './types/one-of.js';
import { string } from './types/string.js';

const AWKWARD_OPTIONS: readonly Option[] = [
  { group: 'zebra', name: 'price', type: string(), default: ' "5 $" \\$', help: 'Has a default that needs quotes.' },
  { group: 'zebra', name: 'modes', type: oneOf(['L2', 'L3']), default: 'L3', help: 'How.', deprecatedNames: ['mode'] },
  { group: 'apple', name: 'map', type: dict(), default: new Map([['a', 'b']]), help: 'A map.' },
  { group: 'DEFAULT', name: 'none', type: multiString(), default: [], help: 'Nothing.' },
  { group: 'DEFAULT', name: 'many', type: multiString(), default: ['a', ' b'], help: 'Several.' },
  { group: 'zebra', name: 'port', type: port(), default: 80, help: 'A port.' },
];

let directory: ConfigurationDirectory;
beforeEach(() => {
  directory = new ConfigurationDirectory();
});
afterEach(() => directory.remove());

it.each([
  ['of this program', CORE_OPTIONS],
  ['with awkward defaults', AWKWARD_OPTIONS],
])('the options %s have exactly their defaults when every line of the sample is uncommented', (_, options) => {
  const uncommented = sampleConfig(options).replaceAll(/^#(?=[^ \n])/gm, '');
  const path = directory.write('kuryr.conf', uncommented);
  const { configuration, warnings } = loadConfiguration({ options, configFiles: [path], defaultSearch: false });
  for (const option of options) {
    expect(configuration.origin(option)).toMatchObject({ kind: 'file', file: path });
    expect([option.name, configuration.get(option)]).toEqual([option.name, option.default]);
  }
  expect(warnings).toEqual([]);
});

it('the sample as it is sets nothing', () => {
  const path = directory.write('kuryr.conf', sampleConfig(CORE_OPTIONS));
  const { configuration, warnings } = loadConfiguration({
    options: CORE_OPTIONS,
    configFiles: [path],
    defaultSearch: false,
  });
  expect([...configuration.values()].filter(({ origin }) => origin.kind !== 'default')).toEqual([]);
  expect(warnings).toEqual([]);
});

it('the sample is written as oslo-config-generator writes it', () => {
  const help =
    'Words that are long enough to be wrapped, because no line of the file shall be longer than seventy-nine characters.';
  const options: readonly Option[] = [
    ...AWKWARD_OPTIONS,
    { group: 'zebra', name: 'last', type: string(), default: 'x', help },
  ];
  expect(sampleConfig(options)).toBe(`[DEFAULT]

# Nothing. (multi valued)
#none =

# Several. (multi valued)
#many = a
#many = " b"


[apple]

# A map. (dict value)
#map = a:b


[zebra]

# Has a default that needs quotes. (string value)
#price = " "5 \\$" \\\\$"

# How. (string value)
# Possible values:
# L2
# L3
# Deprecated group/name - [zebra]/mode
#modes = L3

# A port. (port value)
# Minimum value: 0
# Maximum value: 65535
#port = 80

# Words that are long enough to be wrapped, because no line of the file shall
# be longer than seventy-nine characters. (string value)
#last = x
`);
});

it('an option that several plugins define alike is there once, in its first place', () => {
  const timeout = (help: string): Option => ({ group: 'cloud', name: 'timeout', type: port(), default: 1, help });
  const region: Option = { group: 'cloud', name: 'region', type: string(), default: '', help: 'Where.' };
  const sample = sampleConfig([timeout('Seconds.'), region, timeout('Seconds.'), { ...region }, region]);
  expect(sample.match(/^#\w+ =.*$/gm)).toEqual(['#timeout = 1', '#region =']);
});

it('an option that plugins define in two ways is there in both', () => {
  const option = (help: string): Option => ({ group: 'cloud', name: 'region', type: string(), default: '', help });
  expect(sampleConfig([option('Where.'), option('Which one.')]).match(/^# .*$/gm)).toEqual([
    '# Where. (string value)',
    '# Which one. (string value)',
  ]);
});

it('no help line of the sample is longer than 79 characters', () => {
  const lines = sampleConfig(CORE_OPTIONS).split('\n');
  expect(lines.filter((line) => line.startsWith('# ') && line.length > 79)).toEqual([]);
});
