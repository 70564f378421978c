import { readFacts } from '#bed/facts';
import { NetworkAgent } from '#bed/network-agent';
import { type CloudUnderTest, type CloudUser, countedCloud } from './cloud-under-test.js';

const NODE = 'bench-node';

/** The OpenStack test bed, which is up. */
export async function openRealCloud(user: CloudUser): Promise<CloudUnderTest> {
  const agent = await NetworkAgent.start([NODE]);
  return countedCloud('the OpenStack test bed', readFacts(), user, NODE, () => agent.stop());
}
