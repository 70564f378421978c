import { expect, it } from '@jest/globals';
import { describeConfiguration } from './describe-configuration.js';
import { loadConfiguration } from './load-configuration.js';
import type { Option } from './option.js';
import { optional } from './types/optional.js';
import { string } from './types/string.js';

function option(name: string): Option<string | undefined> {
  return { group: 'neutron', name, type: optional(string()), default: undefined, help: '' };
}

const USERNAME = option('username');
const PASSWORD = option('password');
const URL_OF_PROXY = option('proxy');

it('tells every value and where it came from, and no secret', () => {
  const { configuration } = loadConfiguration({
    options: [USERNAME, PASSWORD, URL_OF_PROXY, option('token')],
    defaultSearch: false,
    environment: { OS_NEUTRON__USERNAME: 'a\nb', OS_NEUTRON__PASSWORD: 's3cret' },
    overrides: [{ option: URL_OF_PROXY, text: 'http://$username:$password@proxy', flag: '--proxy' }],
  });
  expect(describeConfiguration(configuration)).toEqual([
    '[neutron] username = a\\nb (environment OS_NEUTRON__USERNAME)',
    '[neutron] password = *** (environment OS_NEUTRON__PASSWORD)',
    '[neutron] proxy = *** (command line --proxy)',
    '[neutron] token = (default)',
  ]);
});
