import type { Option } from '../option.js';
import { optional } from '../types/optional.js';
import { string } from '../types/string.js';
import { url } from '../types/url.js';

const group = 'neutron';

// One of them is set wherever there is an OpenStack; handlers that need none ask for no more than that.

export const OS_CLOUD: Option<string | undefined> = {
  group,
  name: 'os_cloud',
  type: optional(string()),
  default: undefined,
  help:
    'Name of a cloud in clouds.yaml, which then says everything about it; of this section only region_name, ' +
    'endpoint_type, the endpoint overrides and max_requests are read beside it. Where auth_url is not set either, the ' +
    'environment variable OS_CLOUD counts. The file is that of the environment ' +
    'variable OS_CLIENT_CONFIG_FILE, otherwise the first of clouds.yaml in the working directory, ~/.config/openstack ' +
    'and /etc/openstack; secure.yaml beside it may hold the secrets. Not set by default.',
};

export const AUTH_URL: Option<string | undefined> = {
  group,
  name: 'auth_url',
  type: optional(url()),
  default: undefined,
  help: 'URL of Keystone, e.g. https://keystone.example:5000/v3. Not set by default.',
};
