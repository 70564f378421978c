import { type Cloud, type CloudSettings, openCloud } from '@kuryr-l7/openstack';
import type { OpenStackFacts } from '@kuryr-l7/openstack-simulator';
import { RequestRecorder } from './octavia/request-recorder.js';

/** Who logs in: an ordinary user, or one that may bind ports to nodes. */
export type CloudUser = 'member' | 'admin';

/** An OpenStack that a benchmark runs on, which counts what is asked of it. */
export interface CloudUnderTest {
  readonly title: string;
  readonly facts: OpenStackFacts;
  readonly cloud: Cloud;
  readonly projectId: string;
  readonly octavia: RequestRecorder;
  readonly neutron: RequestRecorder;
  /** A host with an agent of Neutron. */
  readonly node: string;
  close(): Promise<void>;
}

export type OpenCloudUnderTest = (user: CloudUser) => Promise<CloudUnderTest>;

/**
 * The cloud of these facts, with a proxy that counts before Octavia and one before Neutron.
 * @param free what else is to be let go of at the end
 */
export async function countedCloud(
  title: string,
  facts: OpenStackFacts,
  user: CloudUser,
  node: string,
  free: () => Promise<unknown>,
): Promise<CloudUnderTest> {
  const { authUrl, region, endpoints, users } = facts;
  const { username, password, projectId } = users[user];
  const octavia = await RequestRecorder.listen(endpoints.loadBalancer);
  const neutron = await RequestRecorder.listen(endpoints.network);
  const settings: CloudSettings = {
    origin: title,
    authUrl,
    authentication: { method: 'password', user: { name: username, domain: { name: 'Default' } }, password },
    scope: { project: { id: projectId } },
    region,
    endpointInterface: 'public',
    endpointOverrides: { 'load-balancer': octavia.url, network: neutron.url },
    tls: {},
  };
  const cloud = await openCloud(settings);
  const close = async () => {
    cloud.close();
    await octavia.close();
    await neutron.close();
    await free();
  };
  return { title, facts, cloud, projectId, octavia, neutron, node, close };
}
