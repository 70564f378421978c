import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandLine } from './command-line.fixture.js';
import { sampleConfigCommand } from './commands/configuration-commands.js';

/** Says how to log in to a cloud, which is not there. */
const CLOUD =
  '[neutron]\nauth_url = http://127.0.0.1:9/v3\napplication_credential_id = a\napplication_credential_secret = s\n';
const SUBNET = '373bfd12-6dd3-4f79-8af2-0ba77dba89cb';
const SUBNETS = `[neutron_defaults]\npod_subnet = ${SUBNET}\nservice_subnet = ${SUBNET}\n`;

describe('kuryr-l7', () => {
  let line: CommandLine;

  beforeEach(() => {
    line = new CommandLine();
  });

  afterEach(() => line.remove());

  it('lists its commands', async () => {
    expect(await line.run('--help')).toBe(0);
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
      expect(line.out).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });

  it('refuses an unknown option with exit status 2', async () => {
    expect(await line.run('plan', '--colour')).toBe(2);
    expect(line.error).toContain("unknown option '--colour'");
  });

  it('names file, line, section and option of every bad value, and ends with exit status 2', async () => {
    const path = line.file('[health_server]\nport = many\n[kubernetes]\nenable_ingress = perhaps\n');
    for (const command of ['check-config', 'run']) {
      line.error = '';
      expect(await line.run(command, '--config-file', path)).toBe(2);
      expect(line.error).toContain(`${path}:2: [health_server] port: `);
      expect(line.error).toContain(`${path}:4: [kubernetes] enable_ingress: `);
    }
  });

  it('ends with exit status 2 for options that contradict each other, before anything is connected to', async () => {
    const octavia = '[kubernetes]\nl7_router_driver = octavia\n[ingress]\nl7_router_uuid =';
    const id = '99f580e6-d894-442a-bc5f-4d14b41e10d2';
    for (const command of ['check-config', 'run']) {
      line.error = '';
      const half = line.file(`${octavia} ${id}\n[octavia]\ntls_certificate_file = /etc/hosts\n`);
      expect(await line.run(command, '--config-file', half)).toBe(2);
      expect(line.error).toContain('[octavia] tls_certificate_file and tls_key_file go together; set both or none.');
      expect(await line.run(command, '--config-file', line.file(`${octavia} web\n`))).toBe(2);
      expect(line.error).toMatch(/kuryr\.conf: \[ingress\] l7_router_uuid = web is not a UUID\./);
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
        line.error = '';
        const path = line.file(`[kubernetes]\n${kubernetes}\n[ingress]\n${ingress}\n`);
        expect(await line.run(command, '--config-file', path)).toBe(2);
        expect(line.error).toMatch(/\[ingress\] cluster_id has to be set/);
        expect(line.error).toMatch(reason);
        expect(line.error).toMatch(/no other cluster of the project has.*kube-system.*Magnum its uuid/);
      }
      expect(
        await line.run(
          'check-config',
          '--config-file',
          line.file(`[kubernetes]\n${kubernetes}\n[ingress]\ncluster_id = c1\n${SUBNETS}${CLOUD}`),
        ),
      ).toBe(0);
      expect(await line.run('check-config', '--config-file', line.file('[ingress]\ningress_class = x\n'))).toBe(0);
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
        expect(await line.run(command, '--config-file', line.file(`${text}[vif_pool]\n${pool}\n`))).toBe(2);
        expect(line.error).toMatch(reason);
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
      const path = line.file(`[kubernetes]\n${needs}\n${ingress}${SUBNETS}${neutron}`);
      for (const command of neutron === '' ? ['check-config', 'run'] : ['check-config']) {
        line.error = '';
        expect(await line.run(command, '--config-file', path)).toBe(2);
        expect(line.error).toMatch(reason);
      }
    }
    expect(await line.run('check-config', '--config-file', line.file(CLOUD))).toBe(0);
    expect(await line.run('check-config', '--config-file', line.file('[ingress]\ncluster_id = c1\n'))).toBe(0);
  });

  it.each([
    [
      'lb_service_types = LoadBalancer',
      '',
      /\[neutron_defaults\] service_subnet is not set: give it the id of a subnet/,
    ],
    [
      'lb_service_types = ClusterIP,LoadBalancer\nlb_permitted_annotations = subnet-id',
      '',
      /\[neutron_defaults\] service_subnet is not set/,
    ],
    ['enabled_handlers = lbaasspec', '', /\[neutron_defaults\] service_subnet is not set: .* the handler lbaasspec/],
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
    const path = line.file(
      `[kubernetes]\nenable_ingress = False\n${lines}\n[ingress]\ncluster_id = c1\n${subnets}${CLOUD}`,
    );
    expect(await line.run('check-config', '--config-file', path)).toBe(2);
    expect(line.error).toMatch(reason);
  });

  it.each([
    'lb_service_types = LoadBalancer\nlb_permitted_annotations = flavor-id,subnet-id',
    'lb_service_types = LoadBalancer,NodePort\nlb_permitted_annotations = network-id',
    'lb_service_types = LoadBalancer\nlb_permitted_annotations = port-id',
  ])('starts without service_subnet where annotations may say where VIPs are: %s', async (lines) => {
    const path = line.file(`[kubernetes]\nenable_ingress = False\n${lines}\n[ingress]\ncluster_id = c1\n${CLOUD}`);
    expect(await line.run('check-config', '--config-file', path)).toBe(0);
  });

  it('takes a vif_pool_mapping that says what is so anyway', async () => {
    const text =
      '[kubernetes]\nenabled_handlers = vif\nenable_ingress = False\nvif_pool_driver = neutron\n[ingress]\ncluster_id = c1\n';
    expect(
      await line.run(
        'check-config',
        '--config-file',
        line.file(`${text}${SUBNETS}${CLOUD}[vif_pool]\nvif_pool_mapping = neutron-vif:neutron\n`),
      ),
    ).toBe(0);
  });

  it('refuses a cluster_id that can not stand in tags, with its place', async () => {
    const path = line.file('[ingress]\ncluster_id = a,b\n');
    expect(await line.run('check-config', '--config-file', path)).toBe(2);
    expect(line.error).toContain(`${path}:2: [ingress] cluster_id: 'a,b' can't be in the tags`);
  });

  it('warns about an unknown option with the one that was probably meant', async () => {
    const path = line.file('[ingress]\nl7_router_uid = 99f580e6-d894-442a-bc5f-4d14b41e10d2\n');
    expect(await line.run('check-config', '--config-file', path)).toBe(0);
    expect(line.error).toMatch(/warning: .*l7_router_uid.*l7_router_uuid/);
  });

  it('shows what is in effect and where it comes from, the later file winning', async () => {
    const first = line.file('[ingress]\ningress_class = one\n', 'one.conf');
    const second = line.file('[ingress]\ningress_class = two\n', 'two.conf');
    expect(await line.run('check-config', '--config-file', first, '--config-file', second)).toBe(0);
    expect(line.out).toMatch(/ingress_class.*two.*two\.conf:2/);
  });

  it.each([['nope'], ['plam', 'plan'], ['--config-file', 'x', 'nope']])(
    'says that there is no command %s, and where to find those that are',
    async (...argv) => {
      expect(await line.run(...argv.slice(0, argv[0] === 'plam' ? 1 : 3))).toBe(2);
      expect(line.error).toContain(argv[0] === '--config-file' ? 'too many arguments' : `unknown command '${argv[0]}'`);
      if (argv[0] === 'plam') expect(line.error).toContain('Did you mean plan?');
      expect(line.error).toContain('--help');
    },
  );

  it('tells its version', async () => {
    expect(await line.run('--version')).toBe(0);
    expect(line.out).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('names the place of every unknown plugin, together with all other bad values and the warnings', async () => {
    const path = line.file(
      '[DEFAULT]\ndebug = perhaps\n[kubernetes]\nenabled_handlers = policy,lb,nope\nl7_router_driver = octavio\n' +
        '[health_server]\nport = many\n[octavia]\nregion_nam = x\n[ingress]\nl7_router_uid = x\n',
    );
    for (const command of ['check-config', 'run']) {
      line.error = '';
      expect(await line.run(command, '--config-file', path)).toBe(2);
      expect(line.error).toContain(`${path}:2: [DEFAULT] debug: `);
      expect(line.error).toContain(`${path}:4: [kubernetes] enabled_handlers: this release does not have 'policy'`);
      expect(line.error).toContain(`${path}:4: [kubernetes] enabled_handlers: there is no 'nope'`);
      expect(line.error).toContain(`${path}:5: [kubernetes] l7_router_driver: there is no 'octavio'`);
      expect(line.error).toContain(`${path}:7: [health_server] port: `);
      expect(line.error).toContain(`warning: ${path}:11: [ingress] has no l7_router_uid; did you mean l7_router_uuid?`);
      expect(line.error).not.toContain('unknown section');
    }
  });

  it('stops the start for an unknown handler, with the list of known ones', async () => {
    const path = line.file('[kubernetes]\nenabled_handlers = lb,ingres\n');
    expect(await line.run('run', '--config-file', path)).toBe(2);
    expect(line.error).toContain("there is no 'ingres' (known here: ingresslb, lb, lbaasspec, vif;");
  });

  it('says so when enable_ingress and enabled_handlers contradict each other', async () => {
    expect(await line.run('check-config', '--config-file', line.file('[kubernetes]\nenabled_handlers = lb\n'))).toBe(0);
    expect(line.error).toContain('enabled_handlers does not name ingresslb: no Ingress is routed');
    line.error = '';
    expect(await line.run('check-config', '--config-file', line.file('[kubernetes]\nenable_ingress = False\n'))).toBe(
      0,
    );
    expect(line.error).toContain('enable_ingress is False: the ingresslb handler of enabled_handlers is left out');
  });

  it('prints a sample that check-config accepts, with every line in effect', async () => {
    expect(await line.run('sample-config')).toBe(0);
    expect(line.out).toContain('[local_router]');
    const path = line.file(line.out.replaceAll(/^#([a-z0-9_]+ = )/gm, '$1').replaceAll(/ = <None>$/gm, ' ='));
    line.error = '';
    expect(await line.run('check-config', '--config-file', path)).toBe(0);
    expect(line.error).not.toContain('warning');
    expect(line.error).toMatch(/^info: of plugins that are not in use: .*\[octavia\] /m);
  });

  it('prints a sample with the options of the plugins that a kuryr.conf names', async () => {
    const place = join(line.folder, 'node_modules', 'their-driver');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), '{ "name": "their-driver", "type": "module", "exports": "./index.js" }');
    writeFileSync(
      join(place, 'index.js'),
      `const type = { name: 'string', parse: String, format: String };
       const option = { group: 'their_driver', name: 'their_url', type, default: 'http://a', help: 'Where it is.' };
       export default { type: 'l7-router-driver', name: 'x', pluginApi: 1, driver: class {}, options: [option] };`,
    );
    const configFiles = [line.file('[kubernetes]\nl7_router_driver = their-driver\n[ingress]\nresync_period = x\n')];
    const output = { out: (text: string) => (line.out += text), error: () => undefined };
    expect(await sampleConfigCommand({ configFiles, pluginDirectory: line.folder }, output)).toBe(0);
    expect(line.out).toContain('[their_driver]\n\n# Where it is. (string value)\n#their_url = http://a');
    expect(line.out).toContain('[local_router]');
  });

  it('prints no sample where a plugin that is named is not there', async () => {
    const path = line.file('[kubernetes]\nl7_router_driver = their-driver\n');
    expect(await line.run('sample-config', '--config-file', path)).toBe(2);
    expect(line.error).toContain(`${path}:2: [kubernetes] l7_router_driver: there is no 'their-driver'`);
  });

  it('playground refuses a ready file in a folder that is not there, before it starts', async () => {
    expect(await line.run('playground', '--ready-file', join(line.folder, 'none', 'ready.json'))).toBe(1);
    expect(line.error).toBe(
      `--ready-file ${line.folder}/none/ready.json: there is no folder ${line.folder}/none; create it, or name a file in one that is there\n`,
    );
    expect(line.out).toBe('');
  });

  it.each(['--http-port', '--https-port', '--health-port'])('playground refuses a %s that is taken', async (flag) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      expect(await line.run('playground', flag, String(port))).toBe(1);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(line.error).toMatch(new RegExp(`^${flag} ${port}: .* choose another port; 0 picks a free one\n$`));
    expect(line.out).toBe('');
  });

  it('router show says what to set when kuryr.conf names no router, or no cloud', async () => {
    expect(await line.run('router', 'show', '--config-file', line.file('[ingress]\ncluster_id = x\n'))).not.toBe(0);
    expect(line.error).toMatch(/\[neutron\]/);
    line.error = '';
    const cloud =
      '[neutron]\nauth_type = password\nauth_url = http://127.0.0.1:9/v3\nusername = u\npassword = p\nproject_name = p\n';
    const path = line.file(`${cloud}user_domain_name = Default\nproject_domain_name = Default\n`);
    expect(await line.run('router', 'show', '--config-file', path)).toBe(2);
    expect(line.error).toContain(
      "[ingress] l7_router_uuid is not set: there is no L7 router to show. 'kuryr-l7 router create' makes one",
    );
  });
});
