import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import { ConfigurationError, RouterUnavailableError } from '@kuryr-l7/plugin';
import { certificateFor } from '../certificates.fixture.js';
import { DEFAULT_LISTENER_SETTINGS } from '../settings.js';
import { NEVER, SimulatedCloud } from '../simulated-cloud.fixture.js';
import { policy, pool, shop, wanted } from '../wanted.fixture.js';
import { converge, observe, policiesOf } from './converge.fixture.js';
import { openOctaviaRouter } from './open-octavia-router.js';

let there: SimulatedCloud;
beforeEach(async () => {
  there = await SimulatedCloud.start();
});
afterEach(() => there.stop());

async function plainLoadBalancer(): Promise<string> {
  const { vips } = there.simulator.facts.networks;
  const { id } = await there.cloud.octavia.loadBalancers.create({ name: 'plain', vip_subnet_id: vips.subnetId });
  await there.simulator.octavia.idle();
  return id;
}

describe('opening the L7 router', () => {
  it('tells its address, its listeners and what it can do', async () => {
    const router = await there.open();
    expect(router.description).toEqual({
      id: there.id,
      name: 'web',
      addresses: [{ ip: expect.stringMatching(/^10\.100\./) }],
      listeners: [{ key: 'HTTP:80', protocol: 'HTTP', port: 80 }],
      addressFamily: 'IPv4',
    });
    expect(router.capabilities).toMatchObject({ notFoundPool: 'not-found', forbiddenCharacters: '&<>\'"#' });
  });

  it('writes nothing to a load balancer that is as it should be', async () => {
    there.simulator.octavia.resetCounters();
    await there.open();
    expect(there.simulator.octavia.traffic.writes).toBe(0);
  });

  it('makes the HTTP listener that is missing, tagged as ours', async () => {
    const loadBalancerId = await plainLoadBalancer();
    const { notFoundPool: _none, ...settings } = there.settings({ loadBalancerId });
    await openOctaviaRouter(await there.another(), settings, NEVER);
    const [made] = await there.cloud.octavia.listeners.list({ loadbalancer_id: loadBalancerId });
    expect(made).toMatchObject({
      protocol: 'HTTP',
      protocol_port: 80,
      tags: ['kuryr-cluster=test'],
      insert_headers: { 'X-Forwarded-For': 'true', 'X-Forwarded-Port': 'true', 'X-Forwarded-Proto': 'true' },
    });
  });

  it('logs what it makes and changes, each with its id', async () => {
    const entries: { readonly message: string; readonly fields: object }[] = [];
    const info = (message: string, fields: object = {}) => void entries.push({ message, fields });
    const logger = { ...SILENT_LOGGER, info };
    const loadBalancerId = await plainLoadBalancer();
    const { notFoundPool: _none, ...settings } = there.settings({ loadBalancerId, floatingNetwork: 'external' });
    const a = await certificateFor('a.example');
    const b = await certificateFor('b.example');
    await openOctaviaRouter(await there.another(), settings, NEVER, { logger, certificates: { default: a } });
    const listener = { ...DEFAULT_LISTENER_SETTINGS, timeoutClientData: 7_000 };
    const changed = { ...settings, listener };
    await openOctaviaRouter(await there.another(), changed, NEVER, { logger, certificates: { default: b } });
    expect(entries.map(({ message }) => message)).toEqual([
      'create listener HTTP:80',
      expect.stringMatching(/^take floating IP 203\.0\.113\.\d+ for load balancer plain /),
      expect.stringMatching(/^store the certificate of CN=a\.example in Barbican$/),
      'create listener TERMINATED_HTTPS:443',
      'update listener HTTP:80: timeout_client_data',
      expect.stringMatching(/^store the certificate of CN=b\.example in Barbican$/),
      'update listener TERMINATED_HTTPS:443: timeout_client_data, default_tls_container_ref',
      expect.stringMatching(/^delete certificate kuryr-cluster=test router=\S+ sha256=\S+ from Barbican/),
    ]);
    expect(entries.every(({ fields }) => Object.keys(fields).length > 0)).toBe(true);
    const secrets = [a.key, b.key].map((key) => key.split('\n')[2] ?? '');
    expect(secrets.some((line) => JSON.stringify(entries).includes(line))).toBe(false);
  });

  it('brings listeners of ours to the settings with one write, and leaves those of others', async () => {
    const listener = { ...DEFAULT_LISTENER_SETTINGS, timeoutClientData: 7_000, allowedCidrs: ['10.0.0.0/8'] };
    there.simulator.octavia.resetCounters();
    await there.open({ listener });
    expect(there.simulator.octavia.traffic.writes).toBe(1);
    const [changed] = await there.cloud.octavia.listeners.list();
    expect(changed).toMatchObject({ timeout_client_data: 7_000, allowed_cidrs: ['10.0.0.0/8'] });
    await there.open({ listener });
    await there.open({ clusterId: 'other', listener: { ...listener, timeoutClientData: 8_000 } });
    expect(there.simulator.octavia.traffic.writes).toBe(1);
  });

  it('makes pools anew and switches to them when they shall speak another protocol', async () => {
    await converge(await there.open(), shop());
    const router = await there.open({ pool: { protocol: 'PROXYV2' } });
    await converge(router, shop());
    expect(await converge(router, shop())).toEqual([]);
    const pools = await there.cloud.octavia.pools.list({ tags: ['kuryr-cluster=test'] });
    expect(pools.map(({ name, protocol }) => `${name} ${protocol}`).toSorted()).toEqual([
      'deep PROXYV2',
      'web PROXYV2',
    ]);
    expect(await policiesOf(router)).toHaveLength(2);
  });

  it('gives pools session persistence and TLS, those that are there too', async () => {
    await converge(await there.open(), wanted([], [pool('web')]));
    const settings = {
      protocol: 'HTTP',
      sessionPersistence: { type: 'APP_COOKIE', cookieName: 'JSESSIONID' },
      tls: { versions: ['TLSv1.3'], alpnProtocols: [] },
    } as const;
    const router = await there.open({ pool: settings });
    await converge(router, wanted([], [pool('web'), pool('more')]));
    for (const made of await there.cloud.octavia.pools.list({ tags: ['kuryr-cluster=test'] })) {
      expect(made).toMatchObject({
        tls_enabled: true,
        tls_versions: ['TLSv1.3'],
        session_persistence: { type: 'APP_COOKIE', cookie_name: 'JSESSIONID' },
      });
    }
    there.simulator.octavia.resetCounters();
    await there.open({ pool: settings });
    expect(there.simulator.octavia.traffic.writes).toBe(0);
    await there.open();
    const [back] = await there.cloud.octavia.pools.list({ name: 'web' });
    expect(back).toMatchObject({ tls_enabled: false, session_persistence: null });
  });
});

describe('the address', () => {
  const floating = () => there.simulator.facts.networks.floating;

  it('is a floating IP of the VIP, where it has one', async () => {
    const { vip_port_id } = await there.cloud.octavia.loadBalancers.get(there.id);
    const made = await there.cloud.neutron.floatingIps.create({
      floating_network_id: floating().networkId,
      port_id: vip_port_id,
    });
    const router = await there.open();
    expect(router.description.addresses).toEqual([{ ip: made.floating_ip_address }]);
  });

  it('is a floating IP that is taken once, by the name or id of its network', async () => {
    const first = await there.open({ floatingNetwork: 'external' });
    const second = await there.open({ floatingNetwork: floating().networkId });
    expect(first.description.addresses).toEqual([{ ip: expect.stringMatching(/^203\.0\.113\./) }]);
    expect(second.description.addresses).toEqual(first.description.addresses);
    expect(await there.cloud.neutron.floatingIps.list()).toHaveLength(1);
  });

  it('has its tags, also when the process ended before it gave them, and others keep theirs', async () => {
    const { neutron } = there.cloud;
    await there.open({ floatingNetwork: 'external' });
    const [taken] = await neutron.floatingIps.list();
    expect(taken?.tags).toEqual(['kuryr-cluster=test', 'kuryr-l7-router']);
    await neutron.setTags('floatingips', taken?.id ?? '', []);
    await there.open({ floatingNetwork: 'external' });
    expect((await neutron.floatingIps.get(taken?.id ?? '')).tags).toEqual(['kuryr-cluster=test', 'kuryr-l7-router']);
    await neutron.floatingIps.update(taken?.id ?? '', { description: 'of the administrator' });
    await neutron.setTags('floatingips', taken?.id ?? '', ['theirs']);
    await there.open({ floatingNetwork: 'external' });
    expect((await neutron.floatingIps.get(taken?.id ?? '')).tags).toEqual(['theirs']);
  });

  it('is not of a network that is not there', async () => {
    await expect(there.open({ floatingNetwork: 'internet' })).rejects.toThrow(
      /external_svc_net = internet: there is no external network of that name or id \(there are: external\)/,
    );
  });
});

describe('a load balancer that can not be the router', () => {
  it('because its UUID is wrong', async () => {
    const opening = there.open({ loadBalancerId: '99f580e6-d894-442a-bc5f-4d14b41e10d2' });
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(/l7_router_uuid = 99f580e6.*there is no such load balancer.*router create/);
  });

  it('because it is another project’s', async () => {
    const cloud = await there.another(there.simulator.facts.users.other);
    const opening = openOctaviaRouter(cloud, there.settings(), NEVER);
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(
      /is of another project, or .*we are user other of project other.*log in to the other one/,
    );
  });

  it('because the user lacks the role', async () => {
    const cloud = await there.another(there.simulator.facts.users.withoutLoadBalancerRole);
    const opening = openOctaviaRouter(cloud, there.settings(), NEVER);
    await expect(opening).rejects.toThrow(
      /lacks the role load-balancer_member: we are user no-load-balancer.*have an administrator add the role/,
    );
  });

  it('because its provider has no L7 policies', async () => {
    const stored = there.simulator.octavia.state.loadBalancers.get(there.id);
    if (stored !== undefined) Object.assign(stored, { provider: 'ovn' });
    const opening = there.open();
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(/provider ovn, which has no L7 policies/);
  });

  it('because another protocol has the port', async () => {
    const { octavia } = there.cloud;
    const tcp = { loadbalancer_id: there.id, protocol: 'TCP', protocol_port: 81, name: 'mail' } as const;
    await there.write(() => octavia.listeners.create(tcp));
    const opening = there.open({ httpPort: 81 });
    await expect(opening).rejects.toThrow(RouterUnavailableError);
    await expect(opening).rejects.toThrow(
      /port 81 of load balancer web .* is taken by listener mail .* of protocol TCP/,
    );
  });

  it('because the administrator’s listener is disabled', async () => {
    const http = { loadbalancer_id: there.id, protocol: 'HTTP', protocol_port: 81, admin_state_up: false } as const;
    await there.write(() => there.cloud.octavia.listeners.create(http));
    await expect(there.open({ httpPort: 81 })).rejects.toThrow(/is disabled and not ours to enable/);
  });

  it('because it has no such pool for 404', async () => {
    const opening = there.open({ notFoundPool: 'nothing' });
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(/not_found_pool = nothing: .* has no pool .*\(it has: kuryr-l7-not-found\)/);
  });

  it('for now, because it is PENDING', async () => {
    there.simulator.octavia.hold(there.id);
    const fields = { loadbalancer_id: there.id, protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } as const;
    await there.cloud.octavia.pools.create(fields);
    await expect(there.open({ pendingTimeout: 30 })).rejects.toThrow(/in PENDING_UPDATE for/);
    const opening = there.open();
    there.simulator.octavia.release(there.id);
    const router = await opening;
    await converge(router, wanted([policy('a.example', 'web')], [pool('web')]));
    expect((await observe(router)).pools).toHaveLength(3);
  });
});
