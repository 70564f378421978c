import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PublicIpUnavailableError } from '@kuryr-l7/plugin';
import { FakedCluster, servedWeb, until } from './faked-cluster.fixture.js';

const ADDRESS = '198.51.100.9';
const UNAVAILABLE = new PublicIpUnavailableError('it leads elsewhere');

let cluster: FakedCluster;

beforeEach(() => {
  cluster = new FakedCluster({ floatingNetworkId: 'external' });
});

afterEach(() => cluster.stop());

describe('a floating IP in the status of a Service', () => {
  const tell = async (status?: object) => {
    cluster.apply({ ...servedWeb({ loadBalancerIP: ADDRESS }), ...(status !== undefined && { status }) });
    await until(() => cluster.events.some(({ reason }) => reason === 'KuryrEnsureLBError'));
  };
  const inStatus = { loadBalancer: { ingress: [{ ip: ADDRESS }] } };

  it('goes from it when another Service has it now', async () => {
    cluster.floatingIpRefusal = UNAVAILABLE;
    await tell(inStatus);
    expect(cluster.done).toEqual(['status {"loadBalancer":{"ingress":[]}}']);
    expect(cluster.events).toMatchObject([{ reason: 'KuryrEnsureLBError', note: 'it leads elsewhere' }]);
  });

  it('stays where the Service has it, and asks for another one that it can not have', async () => {
    cluster.floatingIpRefusal = UNAVAILABLE;
    cluster.floatingIps = [ADDRESS];
    await tell(inStatus);
    expect(cluster.done).toEqual([]);
  });

  it('stays where Neutron can not be asked', async () => {
    cluster.floatingIpRefusal = new Error('503');
    await tell(inStatus);
    expect(cluster.done).toEqual([]);
  });

  it('is nothing to care for where the status has the VIP, which serves', async () => {
    cluster.floatingIpRefusal = UNAVAILABLE;
    await tell();
    expect(cluster.done).toEqual([]);
  });
});
