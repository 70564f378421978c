import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleConfigCommand } from './commands/configuration-commands.js';
import { main } from './main.js';

let folder: string;
let out: string;
let error: string;

const run = (...argv: readonly string[]) =>
  main(argv, {
    out: (text) => {
      out += text.endsWith('\n') ? text : `${text}\n`;
    },
    error: (text) => {
      error += text.endsWith('\n') ? text : `${text}\n`;
    },
  });

function file(text: string, name = 'kuryr.conf'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Says how to log in to a cloud, which is not there. */
const CLOUD =
  '[neutron]\nauth_url = http://127.0.0.1:9/v3\napplication_credential_id = a\napplication_credential_secret = s\n';
const SUBNET = '373bfd12-6dd3-4f79-8af2-0ba77dba89cb';
const SUBNETS = `[neutron_defaults]\npod_subnet = ${SUBNET}\nservice_subnet = ${SUBNET}\n`;

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('kuryr-l7', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kuryr-l7-main-'));
    out = '';
    error = '';
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lists its commands', async () => {
    expect(await run('--help')).toBe(0);
    for (const command of [
      'run',
      'plan',
      'explain',
      'status',
      'check-config',
      'sample-config',
      'router',
      'playground',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });

  it('refuses an unknown option with exit status 2', async () => {
    expect(await run('plan', '--colour')).toBe(2);
    expect(error).toContain("unknown option '--colour'");
  });

  it('names file, line, section and option of every bad value, and ends with exit status 2', async () => {
    const path = file('[health_server]\nport = many\n[kubernetes]\nenable_ingress = perhaps\n');
    for (const command of ['check-config', 'run']) {
      error = '';
      expect(await run(command, '--config-file', path)).toBe(2);
      expect(error).toContain(`${path}:2: [health_server] port: `);
      expect(error).toContain(`${path}:4: [kubernetes] enable_ingress: `);
    }
  });

  it('ends with exit status 2 for options that contradict each other, before anything is connected to', async () => {
    const octavia = '[kubernetes]\nl7_router_driver = octavia\n[ingress]\nl7_router_uuid =';
    const id = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
    for (const command of ['check-config', 'run']) {
      error = '';
      const half = file(`${octavia} ${id}\n[octavia]\ntls_certificate_file = /etc/hosts\n`);
      expect(await run(command, '--config-file', half)).toBe(2);
      expect(error).toContain('[octavia] tls_certificate_file and tls_key_file go together; set both or none.');
      expect(await run(command, '--config-file', file(`${octavia} web\n`))).toBe(2);
      expect(error).toMatch(/kuryr\.conf: \[ingress\] l7_router_uuid = web is not a UUID\./);
    }
  });

  it.each([
    ['the handler vif', 'enabled_handlers = vif,lb,ingresslb', '', /the handler vif makes ports of Pods/],
    [
      'load balancers of Services',
      'lb_service_types = LoadBalancer',
      '',
      /lb_service_types gives Services load balanc/,
    ],
    ['the default in so many words', 'lb_service_types = LoadBalancer', 'cluster_id = kubernetes', /than the default/],
  ])(
    'does not start with the default cluster_id, which another cluster may have (LP 1858108): %s',
    async (_name, kubernetes, ingress, reason) => {
      for (const command of ['check-config', ...(ingress === '' ? [] : ['run'])]) {
        error = '';
        const path = file(`[kubernetes]\n${kubernetes}\n[ingress]\n${ingress}\n`);
        expect(await run(command, '--config-file', path)).toBe(2);
        expect(error).toMatch(/\[ingress\] cluster_id has to be set/);
        expect(error).toMatch(reason);
        expect(error).toMatch(/no other cluster of the project has.*kube-system.*Magnum its uuid/);
      }
      expect(
        await run(
          'check-config',
          '--config-file',
          file(`[kubernetes]\n${kubernetes}\n[ingress]\ncluster_id = c1\n${SUBNETS}${CLOUD}`),
        ),
      ).toBe(0);
      expect(await run('check-config', '--config-file', file('[ingress]\ningress_class = x\n'))).toBe(0);
    },
  );

  it.each([
    [
      'vif_pool_driver = multi_pool',
      '',
      /vif_pool_driver: this release does not have 'multi_pool' of Kuryr's drivers; write vif_pool_driver = nested, neutron or noop/,
    ],
    [
      'pod_project_driver = annotation',
      '',
      /pod_project_driver: this release does not have 'annotation' of Kuryr's drivers; write pod_project_driver = default/,
    ],
    [
      'pod_security_groups_driver = policy',
      '',
      /pod_security_groups_driver: this release does not have 'policy' of Kuryr's drivers; write pod_security_groups_driver = default/,
    ],
    [
      'pod_vif_driver = sriov',
      '',
      /pod_vif_driver: this release does not have 'sriov' of Kuryr's drivers; write pod_vif_driver = nested-vlan or neutron-vif/,
    ],
    [
      'vif_pool_driver = noop',
      'vif_pool_mapping = nested-vlan:nested,neutron-vif:neutron',
      /\[vif_pool\] vif_pool_mapping asks for pool nested with nested-vlan, .* write \[kubernetes\] vif_pool_driver = neutron/,
    ],
    [
      'vif_pool_driver = noop',
      'pools_vif_drivers = neutron:neutron-vif',
      /\[vif_pool\] pools_vif_drivers asks for pool neutron with neutron-vif, .* write \[kubernetes\] vif_pool_driver = neutron/,
    ],
    [
      'multi_vif_drivers = npwg_multiple_interfaces',
      '',
      /:4: \[kubernetes\] multi_vif_drivers: Valid values are \[noop\], but found 'npwg_multiple_interfaces'/,
    ],
  ])(
    'refuses what Kuryr can do for Pods and this can not, and says what to write: %s %s',
    async (drivers, pool, reason) => {
      const text = `[kubernetes]\nenabled_handlers = vif\nenable_ingress = False\n${drivers}\n[ingress]\ncluster_id = c1\n`;
      for (const command of ['check-config', 'run']) {
        expect(await run(command, '--config-file', file(`${text}[vif_pool]\n${pool}\n`))).toBe(2);
        expect(error).toMatch(reason);
      }
    },
  );

  it.each([
    ['no cloud', '', /\[neutron\] does not say how to reach OpenStack: set auth_url and the credentials, or os_cloud/],
    [
      'no secret',
      CLOUD.replace(/application_credential_secret.*/, ''),
      /\[neutron\]: application_credential_secret is missing, without which nobody can log in: set it/,
    ],
    ['no URL', CLOUD.replace('http://127.0.0.1:9/v3', 'keystone'), /auth_url/],
    [
      'a certificate file that is not there',
      `${CLOUD}cafile = /nowhere/ca.pem\n`,
      /cafile \/nowhere\/ca.pem can't be read/,
    ],
    ['a cloud that is in no clouds.yaml', '[neutron]\nos_cloud = nowhere\n', /clouds.yaml|nowhere/],
  ])('does not start with %s where a handler or driver that is enabled needs one', async (_name, neutron, reason) => {
    for (const needs of [
      'lb_service_types = LoadBalancer',
      'enabled_handlers = vif\nenable_ingress = False',
      'enabled_handlers = lbaasspec\nenable_ingress = False',
      'l7_router_driver = octavia',
    ]) {
      const ingress = '[ingress]\ncluster_id = c1\nl7_router_uuid = 99f580e6-d894-442a-bc5f-4d14b41e10d2\n';
      const path = file(`[kubernetes]\n${needs}\n${ingress}${SUBNETS}${neutron}`);
      for (const command of neutron === '' ? ['check-config', 'run'] : ['check-config']) {
        error = '';
        expect(await run(command, '--config-file', path)).toBe(2);
        expect(error).toMatch(reason);
      }
    }
    expect(await run('check-config', '--config-file', file(CLOUD))).toBe(0);
    expect(await run('check-config', '--config-file', file('[ingress]\ncluster_id = c1\n'))).toBe(0);
  });

  it.each([
    [
      'lb_service_types = LoadBalancer',
      '',
      /\[neutron_defaults\] service_subnet is not set: give it the id of a subnet/,
    ],
    ['enabled_handlers = vif', '', /\[neutron_defaults\] pod_subnet is not set: give it the id of a subnet/],
    [
      'enabled_handlers = vif\npod_vif_driver = nested-vlan',
      SUBNETS,
      /\[pod_vif_nested\] worker_nodes_subnets is not set, which pod_vif_driver = nested-vlan needs/,
    ],
    [
      'enabled_handlers = vif\npod_subnets_driver = namespace',
      SUBNETS,
      /\[namespace_subnet\] pod_subnet_pool is not set, which pod_subnets_driver = namespace needs/,
    ],
  ])('does not start without the subnets that drivers can not guess: %s', async (lines, subnets, reason) => {
    const path = file(`[kubernetes]\nenable_ingress = False\n${lines}\n[ingress]\ncluster_id = c1\n${subnets}${CLOUD}`);
    expect(await run('check-config', '--config-file', path)).toBe(2);
    expect(error).toMatch(reason);
  });

  it('takes a vif_pool_mapping that says what is so anyway', async () => {
    const text =
      '[kubernetes]\nenabled_handlers = vif\nenable_ingress = False\nvif_pool_driver = neutron\n[ingress]\ncluster_id = c1\n';
    expect(
      await run(
        'check-config',
        '--config-file',
        file(`${text}${SUBNETS}${CLOUD}[vif_pool]\nvif_pool_mapping = neutron-vif:neutron\n`),
      ),
    ).toBe(0);
  });

  it('refuses a cluster_id that can not stand in tags, with its place', async () => {
    const path = file('[ingress]\ncluster_id = a,b\n');
    expect(await run('check-config', '--config-file', path)).toBe(2);
    expect(error).toContain(`${path}:2: [ingress] cluster_id: 'a,b' can't be in the tags`);
  });

  it('warns about an unknown option with the one that was probably meant', async () => {
    const path = file('[ingress]\nl7_router_uid = 99f580e6-d894-442a-bc5f-4d14b41e10d2\n');
    expect(await run('check-config', '--config-file', path)).toBe(0);
    expect(error).toMatch(/warning: .*l7_router_uid.*l7_router_uuid/);
  });

  it('shows what is in effect and where it comes from, the later file winning', async () => {
    const first = file('[ingress]\ningress_class = one\n', 'one.conf');
    const second = file('[ingress]\ningress_class = two\n', 'two.conf');
    expect(await run('check-config', '--config-file', first, '--config-file', second)).toBe(0);
    expect(out).toMatch(/ingress_class.*two.*two\.conf:2/);
  });

  it.each([['nope'], ['plam', 'plan'], ['--config-file', 'x', 'nope']])(
    'says that there is no command %s, and where to find those that are',
    async (...argv) => {
      expect(await run(...argv.slice(0, argv[0] === 'plam' ? 1 : 3))).toBe(2);
      expect(error).toContain(argv[0] === '--config-file' ? 'too many arguments' : `unknown command '${argv[0]}'`);
      if (argv[0] === 'plam') expect(error).toContain('Did you mean plan?');
      expect(error).toContain('--help');
    },
  );

  it('tells its version', async () => {
    expect(await run('--version')).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('names the place of every unknown plugin, together with all other bad values and the warnings', async () => {
    const path = file(
      '[DEFAULT]\ndebug = perhaps\n[kubernetes]\nenabled_handlers = policy,lb,nope\nl7_router_driver = octavio\n' +
        '[health_server]\nport = many\n[octavia]\nregion_nam = x\n[ingress]\nl7_router_uid = x\n',
    );
    for (const command of ['check-config', 'run']) {
      error = '';
      expect(await run(command, '--config-file', path)).toBe(2);
      expect(error).toContain(`${path}:2: [DEFAULT] debug: `);
      expect(error).toContain(`${path}:4: [kubernetes] enabled_handlers: this release does not have 'policy'`);
      expect(error).toContain(`${path}:4: [kubernetes] enabled_handlers: there is no 'nope'`);
      expect(error).toContain(`${path}:5: [kubernetes] l7_router_driver: there is no 'octavio'`);
      expect(error).toContain(`${path}:7: [health_server] port: `);
      expect(error).toContain(`warning: ${path}:11: [ingress] has no l7_router_uid; did you mean l7_router_uuid?`);
      expect(error).not.toContain('unknown section');
    }
  });

  it('stops the start for an unknown handler, with the list of known ones', async () => {
    const path = file('[kubernetes]\nenabled_handlers = lb,ingres\n');
    expect(await run('run', '--config-file', path)).toBe(2);
    expect(error).toContain("there is no 'ingres' (known here: ingresslb, lb, lbaasspec, vif;");
  });

  it('says so when enable_ingress and enabled_handlers contradict each other', async () => {
    expect(await run('check-config', '--config-file', file('[kubernetes]\nenabled_handlers = lb\n'))).toBe(0);
    expect(error).toContain('enabled_handlers does not name ingresslb: no Ingress is routed');
    error = '';
    expect(await run('check-config', '--config-file', file('[kubernetes]\nenable_ingress = False\n'))).toBe(0);
    expect(error).toContain('enable_ingress is False: the ingresslb handler of enabled_handlers is left out');
  });

  it('prints a sample that check-config accepts, with every line in effect', async () => {
    expect(await run('sample-config')).toBe(0);
    expect(out).toContain('[local_router]');
    const path = file(out.replaceAll(/^#([a-z0-9_]+ = )/gm, '$1').replaceAll(/ = <None>$/gm, ' ='));
    error = '';
    expect(await run('check-config', '--config-file', path)).toBe(0);
    expect(error).not.toContain('warning');
    expect(error).toMatch(/^info: of plugins that are not in use: .*\[octavia\] /m);
  });

  it.each(['plan', 'status', 'explain'])('%s says where it looked when no controller answers', async (command) => {
    const path = file(`[health_server]\nport = ${await deadPort()}\n`);
    const url = command === 'explain' ? ['http://www.example.com/'] : [];
    expect(await run(command, ...url, '--config-file', path)).toBe(2);
    expect(error).toMatch(/No controller answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\)\. Start one/);
  });

  it.each(['nope', '127.0.0.1:8082', 'localhost:8082', 'http://', 'ftp://x/'])(
    'refuses --controller %s, which is no URL of a controller',
    async (named) => {
      for (const argv of [['plan'], ['status'], ['explain', 'http://a.example/']]) {
        error = '';
        expect(await run(...argv, '--controller', named)).toBe(2);
        expect(error).toBe(`--controller '${named}' is not a URL, e.g. http://127.0.0.1:8082\n`);
      }
    },
  );

  it.each(['/foo', 'http://', 'http:///foo', 'ftp://x/', 'a b', '?x=http://y/'])(
    'explain refuses %s, which is no URL of a request',
    async (url) => {
      expect(await run('explain', url, '--controller', 'http://127.0.0.1:1')).toBe(2);
      expect(error).toBe(`'${url}' is not an http or https URL, e.g. http://www.example.com/path\n`);
    },
  );

  it.each(['www.example.com', 'www.example.com:8080/shop', 'www.example.com/?to=http://x/', 'HTTPS://a.example/'])(
    'explain asks about %s',
    async (url) => {
      expect(await run('explain', url, '--controller', `http://127.0.0.1:${await deadPort()}`)).toBe(2);
      expect(error).toContain('No controller answers');
    },
  );

  it.each([
    ['127.0.0.2', 'http://127.0.0.2:'],
    ['::1', 'http://[::1]:'],
    ['', 'http://127.0.0.1:'],
    ['0.0.0.0', 'http://127.0.0.1:'],
    ['::', 'http://[::1]:'],
  ])('asks the health server of bind_address = %s at %s', async (address, url) => {
    const path = file(`[health_server]\nbind_address = ${address}\nport = ${await deadPort()}\n`);
    expect(await run('status', '--config-file', path)).toBe(2);
    expect(error).toContain(`No controller answers at ${url}`);
  });

  it.each([
    [-1, 'nothing is served'],
    [0, 'a free port is picked'],
  ])('asks to name the controller where the port in kuryr.conf is %i', async (port, why) => {
    const path = file(`[health_server]\nport = ${port}\n`);
    expect(await run('plan', '--config-file', path)).toBe(2);
    expect(error).toContain(`${path}:2: [health_server] port = ${port}: ${why}`);
    expect(error).toContain('--controller URL');
  });

  it('prints a sample with the options of the plugins that a kuryr.conf names', async () => {
    const place = join(folder, 'node_modules', 'their-driver');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), '{ "name": "their-driver", "type": "module", "exports": "./index.js" }');
    writeFileSync(
      join(place, 'index.js'),
      `const type = { name: 'string', parse: String, format: String };
       const option = { group: 'their_driver', name: 'their_url', type, default: 'http://a', help: 'Where it is.' };
       export default { type: 'l7-router-driver', name: 'x', pluginApi: 1, driver: class {}, options: [option] };`,
    );
    const configFiles = [file('[kubernetes]\nl7_router_driver = their-driver\n[ingress]\nresync_period = x\n')];
    const output = { out: (text: string) => (out += text), error: () => undefined };
    expect(await sampleConfigCommand({ configFiles, pluginDirectory: folder }, output)).toBe(0);
    expect(out).toContain('[their_driver]\n\n# Where it is. (string value)\n#their_url = http://a');
    expect(out).toContain('[local_router]');
  });

  it('prints no sample where a plugin that is named is not there', async () => {
    const path = file('[kubernetes]\nl7_router_driver = their-driver\n');
    expect(await run('sample-config', '--config-file', path)).toBe(2);
    expect(error).toContain(`${path}:2: [kubernetes] l7_router_driver: there is no 'their-driver'`);
  });

  it('playground refuses a ready file in a folder that is not there, before it starts', async () => {
    expect(await run('playground', '--ready-file', join(folder, 'none', 'ready.json'))).toBe(1);
    expect(error).toBe(
      `--ready-file ${folder}/none/ready.json: there is no folder ${folder}/none; create it, or name a file in one that is there\n`,
    );
    expect(out).toBe('');
  });

  it.each(['--http-port', '--https-port', '--health-port'])('playground refuses a %s that is taken', async (flag) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      expect(await run('playground', flag, String(port))).toBe(1);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(error).toMatch(new RegExp(`^${flag} ${port}: .* choose another port; 0 picks a free one\n$`));
    expect(out).toBe('');
  });

  it('router show says what to set when kuryr.conf names no router, or no cloud', async () => {
    expect(await run('router', 'show', '--config-file', file('[ingress]\ncluster_id = x\n'))).not.toBe(0);
    expect(error).toMatch(/\[neutron\]/);
    error = '';
    const cloud =
      '[neutron]\nauth_type = password\nauth_url = http://127.0.0.1:9/v3\nusername = u\npassword = p\nproject_name = p\n';
    const path = file(`${cloud}user_domain_name = Default\nproject_domain_name = Default\n`);
    expect(await run('router', 'show', '--config-file', path)).toBe(2);
    expect(error).toContain(
      "[ingress] l7_router_uuid is not set: there is no L7 router to show. 'kuryr-l7 router create' makes one",
    );
  });

  it('explain refuses a header that is none', async () => {
    expect(await run('explain', 'http://www.example.com/', '--header', 'nonsense')).toBe(2);
    expect(error).toContain("--header 'nonsense' is not of the form 'name: value'");
  });
});
