import { describe, expect, it } from '@jest/globals';
import { parseIni } from './ini-parser.js';
import type { Option } from './option.js';
import { CORE_OPTIONS } from './options/core-options.js';
import { unknownNames } from './unknown-names.js';

function notices(content: string, environment: Readonly<Record<string, string>> = {}) {
  return unknownNames(CORE_OPTIONS, { files: [parseIni(content, 'k.conf')], environment, overrides: [] });
}

function messages(content: string, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  return notices(content, environment).map(({ message }) => message);
}

describe('an option that does not exist', () => {
  it.each([
    ['[ingress]\nl7_router_uid = x', 'k.conf:2: [ingress] has no l7_router_uid; did you mean l7_router_uuid?'],
    ['[DEFAULT]\nlog-file = x', 'k.conf:2: [DEFAULT] has no log-file; did you mean log_file?'],
    ['[DEFAULT]\nDebug = x', 'k.conf:2: [DEFAULT] has no Debug; did you mean debug?'],
    ['[kubernetes]\nl7_router_uuid = x', 'k.conf:2: [kubernetes] has no l7_router_uuid; it belongs to [ingress]'],
    ['[Kubernetes]\nmember_mode = x', 'k.conf:2: [Kubernetes] has no member_mode; it belongs to [octavia_defaults]'],
    [
      '[kubernetes]\nl7_router_uid = x',
      'k.conf:2: [kubernetes] has no l7_router_uid; did you mean l7_router_uuid in [ingress]?',
    ],
    ['[kubernetes]\npod_vif_drivr = x', 'k.conf:2: [kubernetes] has no pod_vif_drivr; did you mean pod_vif_driver?'],
    ['[kubernetes]\nfrobnicate = x', 'k.conf:2: [kubernetes] has no frobnicate; it is ignored'],
  ])('%j is told with what was probably meant', (content, expected) => {
    expect(notices(content)).toEqual([{ level: 'warning', message: expected }]);
  });

  it('is told wherever it stands', () => {
    expect(messages('[ingress]\nfoo = 1\nfoo = 2')).toEqual([
      'k.conf:2: [ingress] has no foo; it is ignored',
      'k.conf:3: [ingress] has no foo; it is ignored',
    ]);
  });

  it('is told without its value, which may be a secret', () => {
    expect(messages('[neutron]\npasword = s3cret').join()).not.toContain('s3cret');
  });
});

describe('an option of a plugin that is not in use', () => {
  const option = (name: string) => ({ ...(CORE_OPTIONS[0] as Option), group: 'octavia', name });
  const of = (content: string, environment = {}) =>
    unknownNames(CORE_OPTIONS, { files: [parseIni(content, 'k.conf')], environment, overrides: [] }, [
      option('region_name'),
      option('availability_zone'),
    ]);

  it('is noted, all of them together, apart from those of Kuryr', () => {
    const text = '[octavia]\nregion_name = a\n[kubernetes]\nmulti_vif_drivers = b\n';
    expect(of(text, { OS_OCTAVIA__AVAILABILITY_ZONE: 'c' })).toEqual([
      { level: 'info', message: 'of plugins that are not in use: [octavia] region_name, availability_zone' },
      { level: 'info', message: 'known to Kuryr, not used here: [kubernetes] multi_vif_drivers' },
    ]);
  });

  it('is what was probably meant by a name like it', () => {
    expect(of('[octavia]\nregion_nam = a\n').map(({ message }) => message)).toEqual([
      'k.conf:2: [octavia] has no region_nam; did you mean region_name?',
    ]);
  });
});

describe('a section that does not exist', () => {
  it.each([
    ['[ingres]\nfoo = 1', ['k.conf:1: unknown section [ingres] is ignored; did you mean [ingress]?']],
    ['[default]\nfoo = 1', ['k.conf:1: unknown section [default] is ignored; did you mean [DEFAULT]?']],
    ['[whatever]\nfoo = 1', ['k.conf:1: unknown section [whatever] is ignored']],
    [
      '[l7]\nl7_router_uuid = 1',
      ['k.conf:1: unknown section [l7] is ignored', 'k.conf:2: [l7] has no l7_router_uuid; it belongs to [ingress]'],
    ],
  ])('%j is told with what was probably meant', (content, expected) => {
    expect(messages(content)).toEqual(expected);
  });

  it('is told once', () => {
    expect(messages('[whatever]\n[ingress]\n[whatever]')).toHaveLength(1);
  });
});

describe("Kuryr's own options that are not used here", () => {
  it('are told in one note together', () => {
    const content =
      '[DEFAULT]\nbindir = x\n[kubernetes]\nmulti_vif_drivers = x\nport_debug = 1\n[VIF_pool]\nports_pool_max = 1\nports_pool_max = 2';
    expect(notices(content)).toEqual([
      {
        level: 'info',
        message:
          'known to Kuryr, not used here: [DEFAULT] bindir; [kubernetes] multi_vif_drivers, port_debug; [vif_pool] ports_pool_max',
      },
    ]);
  });

  it('are those of its example, and the rest of that is in use', () => {
    const example = `
[DEFAULT]
debug = true
[kubernetes]
api_root = https://10.0.0.10:6443
enabled_handlers = vif,lb,lbaasspec,ingresslb
enable_ingress = True
[neutron]
auth_type = password
auth_url = https://keystone:5000/v3
username = kuryr
user_domain_name = Default
password = pass
project_name = service
project_domain_name = Default
[neutron_defaults]
project = 1
service_subnet = 2
[octavia_defaults]
member_mode = L3
[ingress]
l7_router_uuid = 99f580e6-d894-442a-bc5f-4d14b41e10d2
`;
    expect(notices(example)).toEqual([
      {
        level: 'info',
        message:
          'known to Kuryr, not used here: [neutron] auth_type, auth_url, username, user_domain_name, password, project_name, ' +
          'project_domain_name; [neutron_defaults] project, service_subnet; [octavia_defaults] member_mode',
      },
    ]);
  });
});

describe('the environment', () => {
  it('is looked at for variables of our sections only', () => {
    const environment = { OS_AUTH_URL: 'x', OS_OTHER__THING: 'x', PATH: 'x', OS_INGRESS__L7_ROUTER_UUID: 'x' };
    expect(messages('', environment)).toEqual([]);
  });

  it.each([
    ['OS_INGRESS__L7_ROUTER_UID', '[ingress] has no l7_router_uid; did you mean l7_router_uuid?'],
    ['OS_KUBERNETES__L7_ROUTER_UUID', '[kubernetes] has no l7_router_uuid; it belongs to [ingress]'],
    ['OS_HEALTH_SERVER__', '[health_server] has no ; it is ignored'],
  ])('is told of %s', (variable, expected) => {
    expect(messages('', { [variable]: 's3cret' })).toEqual([`environment ${variable}: ${expected}`]);
  });

  it("may hold Kuryr's options", () => {
    expect(messages('', { OS_NEUTRON__PASSWORD: 's3cret' })).toEqual([
      'known to Kuryr, not used here: [neutron] password',
    ]);
  });
});
