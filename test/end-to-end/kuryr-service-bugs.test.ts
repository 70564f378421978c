import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  LBAAS_SERVICE_SPEC,
  LBAAS_SPEC_ANNOTATION,
  LBAAS_STATE,
  LBAAS_STATE_ANNOTATION,
  parsePayload,
} from '@kuryr-l7/kuryr-objects';
import { EACH_SECOND, ServiceCloud, web } from './service-cloud.fixture.js';
import { eventually } from './test-cluster.fixture.js';

describe('what Kuryr’s load balancers of Services did wrong is right here:', () => {
  let there: ServiceCloud;

  const settled = () => eventually(() => expect(there.ipOf('web')).toBeDefined());

  /** Addresses of the members of the one pool. */
  const members = async () => {
    const [pool] = await there.cloud.octavia.pools.list();
    const all = await there.cloud.octavia.members.list(pool?.id ?? '');
    return all.map(({ address }) => address).sort();
  };

  beforeEach(async () => {
    there = await ServiceCloud.start();
  });

  afterEach(() => there.stop());

  it('the clean-up at the start deleted load balancers of strangers (LP 1858108)', async () => {
    const { octavia } = there.cloud;
    const vip_subnet_id = there.simulator.facts.networks.vips.subnetId;
    const strangers = [
      { name: 'default/gone', tags: [] },
      { name: 'default/gone', tags: ['kuryr-cluster=c10', 'kuryr-source=Service/default/gone'] },
      { name: 'default/gone', tags: ['kuryr-cluster=c1'] },
    ];
    for (const stranger of strangers) await octavia.loadBalancers.create({ ...stranger, vip_subnet_id });
    const ours = ['kuryr-cluster=c1', 'kuryr-source=Service/default/left'];
    await octavia.loadBalancers.create({ name: 'default/left', tags: ours, vip_subnet_id });
    await there.simulator.octavia.idle();
    await there.cluster.startController(there.settings());
    await eventually(async () => {
      const left = await octavia.loadBalancers.list();
      expect(left.map(({ name }) => name)).toEqual(['default/gone', 'default/gone', 'default/gone']);
    });
  });

  it('timeouts of listeners were written at every reconcile (LP 1930220, LP 1923605)', async () => {
    const timeouts = { ...EACH_SECOND, OS_OCTAVIA_DEFAULTS__TIMEOUT_CLIENT_DATA: '61000' };
    there.cluster.apply(web());
    there.applyEndpoints('web', '10.1.0.1');
    await there.cluster.startController(there.settings(timeouts));
    await settled();
    await there.cluster.stopController();
    there.simulator.octavia.traffic.reset();
    await there.cluster.startController(there.settings(timeouts));
    await there.compared();
    expect(there.simulator.octavia.traffic.writes).toBe(0);
  });

  it('members stayed that were gone from the Endpoints (LP 1904395)', async () => {
    there.cluster.apply(web());
    there.applyEndpoints('web', '10.1.0.1', '10.1.0.2');
    await there.cluster.startController(there.settings());
    await settled();
    for (const addresses of [['10.1.0.2'], [], ['10.1.0.3']]) {
      there.applyEndpoints('web', ...addresses);
      await eventually(async () => expect(await members()).toEqual(addresses));
    }
  });

  it('annotations that somebody edited corrupted the state', async () => {
    there.cluster.apply(web());
    there.applyEndpoints('web', '10.1.0.1');
    const handlers = { OS_KUBERNETES__ENABLED_HANDLERS: 'lb,lbaasspec,ingresslb' };
    await there.cluster.startController(there.settings(handlers));
    const { id } = await there.served();
    const annotations = () => there.cluster.get('Service', 'web').metadata.annotations ?? {};
    const names = [LBAAS_SPEC_ANNOTATION, LBAAS_STATE_ANNOTATION];
    await eventually(() => expect(Object.keys(annotations())).toEqual(expect.arrayContaining(names)));
    const { traffic } = there.simulator.octavia;
    traffic.reset();
    const edited = { [LBAAS_STATE_ANNOTATION]: 'not even JSON', [LBAAS_SPEC_ANNOTATION]: '{"ports": 7}' };
    there.cluster.apply(web({}, edited));
    there.applyEndpoints('web', '10.1.0.2');
    await eventually(async () => expect(await members()).toEqual(['10.1.0.2']));
    await eventually(() => {
      const state = parsePayload(LBAAS_STATE, annotations()[LBAAS_STATE_ANNOTATION] ?? '');
      expect(state).toMatchObject({ loadbalancer: { id }, members: [{ ip: '10.1.0.2' }] });
      const spec = parsePayload(LBAAS_SERVICE_SPEC, annotations()[LBAAS_SPEC_ANNOTATION] ?? '');
      expect(spec).toMatchObject({ type: 'LoadBalancer', ports: [{ port: 80 }] });
    });
    expect(traffic.writes).toBe(1);
  });

  it('a failing cloud killed the process (LP 1853460)', async () => {
    there.cluster.apply(web());
    there.simulator.octavia.interference.fail({ answer: 503, count: 3, matches: ({ method }) => method === 'POST' });
    await there.cluster.startController(there.settings());
    await settled();
    expect(await there.cloud.octavia.loadBalancers.list()).toHaveLength(1);
  });

  it('of several regions the first was taken, whichever region_name named (LP 1843429)', async () => {
    const { keystone, facts } = there.simulator;
    keystone.catalog = keystone.catalog.map(({ endpoints, ...service }) => ({
      ...service,
      endpoints: [
        ...endpoints.map((endpoint) => ({ ...endpoint, region: 'RegionZero', url: 'http://127.0.0.1:1/elsewhere' })),
        ...endpoints,
      ],
    }));
    there.cluster.apply(web());
    await there.cluster.startController(there.settings({ OS_NEUTRON__REGION_NAME: facts.region }));
    await settled();
    expect(await there.cloud.octavia.loadBalancers.list()).toHaveLength(1);
  });

  it('a Service without Pods could not be let go (LP 1773349)', async () => {
    there.cluster.apply(web());
    there.applyEndpoints('web');
    await there.cluster.startController(there.settings());
    await settled();
    there.cluster.delete('Service', 'web');
    await eventually(() => expect(() => there.cluster.get('Service', 'web')).toThrow());
    expect(await there.cloud.octavia.loadBalancers.list()).toEqual([]);
  });

  it('the pool of a port that was taken away stayed when nothing had members (LP 1920178)', async () => {
    const { octavia } = there.cloud;
    const [http, https] = [80, 443].map((port) => ({ name: `p${port}`, port, targetPort: 8080 }));
    there.cluster.apply(web({ ports: [http, https] }));
    await there.cluster.startController(there.settings());
    await settled();
    expect(await octavia.pools.list()).toHaveLength(2);
    there.cluster.apply(web({ ports: [https] }));
    await eventually(async () => {
      expect((await octavia.pools.list()).map(({ name }) => name)).toEqual(['default/web:TCP:443/TCP']);
      expect((await octavia.listeners.list()).map(({ protocol_port }) => protocol_port)).toEqual([443]);
    });
  });

  it('the member of a Pod on the network of its node stayed when that was gone (LP 1857354)', async () => {
    there.cluster.apply(web());
    there.applyPods('web', { a: '10.0.0.1', b: '10.0.0.2' });
    await there.cluster.startController(there.settings());
    await settled();
    await eventually(async () => expect(await members()).toEqual(['10.0.0.1', '10.0.0.2']));
    there.applyPods('web', { b: '10.0.0.2', c: '10.0.0.1' });
    there.applyPods('web', { c: '10.0.0.1' });
    await eventually(async () => expect(await members()).toEqual(['10.0.0.1']));
    there.applyPods('web', {});
    await eventually(async () => expect(await members()).toEqual([]));
  });

  it('members stayed when the Endpoints themselves were deleted (LP 1939512)', async () => {
    there.cluster.apply(web());
    there.applyEndpoints('web', '10.1.0.1', '10.1.0.2');
    await there.cluster.startController(there.settings());
    await settled();
    await eventually(async () => expect(await members()).toHaveLength(2));
    there.deleteEndpoints('web');
    await eventually(async () => expect(await members()).toEqual([]));
  });

  it.each(['listener', 'pool', 'member'] as const)('a %s in ERROR stayed so (LP 1879371)', async (kind) => {
    const { state } = there.simulator.octavia;
    there.cluster.apply(web());
    there.applyEndpoints('web', '10.1.0.1');
    await there.cluster.startController(there.settings());
    await settled();
    await there.cluster.stopController();
    await there.simulator.octavia.idle();
    for (const object of state[`${kind}s`].values()) object.provisioning_status = 'ERROR';
    await there.cluster.startController(there.settings());
    await eventually(() => {
      const all = [...state.listeners.values(), ...state.pools.values(), ...state.members.values()];
      expect(all.map(({ provisioning_status }) => provisioning_status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    });
    expect(await members()).toEqual(['10.1.0.1']);
  });
});
