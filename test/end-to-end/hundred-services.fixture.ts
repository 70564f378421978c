import { createRouter } from '@kuryr-l7/driver-octavia';
import { type Cloud, ClusterMarks } from '@kuryr-l7/openstack';
import { ingress } from './manifests.fixture.js';
import { Programs } from './program.fixture.js';
import { service } from './service-cloud.fixture.js';
import { everythingIn, type ServiceLogin, type ServicePlace, serviceSettings } from './service-settings.fixture.js';
import type { TestCluster } from './test-cluster.fixture.js';

const SERVICES = 100;
const NODE = { address: '10.60.0.11', cidr: '10.60.0.0/24' };
const NEVER = new AbortController().signal;

interface HundredServicesPlace {
  readonly cluster: TestCluster;
  readonly cloud: Cloud;
  readonly place: ServicePlace;
  readonly login: ServiceLogin;
  /** No other cluster's in the cloud. */
  readonly clusterId: string;
}

/**
 * A cluster with 100 Services that want load balancers, floating IPs and security groups of their own, and with an Ingress
 * for an L7 router that is there already, beside things of others in the same project that look most like the cluster's.
 */
export class HundredServices {
  private constructor(
    private readonly cloud: Cloud,
    private readonly marks: ClusterMarks,
    private readonly routerId: string,
    /** Ids of what is none of the cluster's, the router among it. */
    readonly before: Readonly<Record<string, readonly string[]>>,
    readonly programs: Programs,
  ) {}

  static async apply({ cluster, cloud, place, login, clusterId }: HundredServicesPlace): Promise<HundredServices> {
    const { subnetId: vipSubnet } = place.networks.vips;
    const router = await createRouter(cloud, { name: 'router', clusterId, vipSubnet }, NEVER);
    await addStrangers(cloud, place, clusterId);
    await addNode(cloud, cluster);
    const before = await everythingIn(cloud);
    for (let index = 0; index < SERVICES; index += 1) {
      cluster.apply(service(`web-${index}`, { type: 'LoadBalancer', ports: [{ port: 80 }] }));
    }
    cluster.apply(ingress('web', [['web.example', ['/', 'Prefix', 'web-0']]]));
    const programs = new Programs(cluster, {
      ...serviceSettings(place, login, clusterId),
      OS_KUBERNETES__L7_ROUTER_DRIVER: 'octavia',
      OS_INGRESS__L7_ROUTER_UUID: router.id,
      OS_OCTAVIA_DEFAULTS__MEMBER_MODE: 'nodeport',
      OS_OCTAVIA_DEFAULTS__MANAGE_SECURITY_GROUPS: 'True',
    });
    return new HundredServices(cloud, new ClusterMarks(clusterId), router.id, before, programs);
  }

  /** Load balancers that Services have, in whatever state. */
  balancers() {
    return this.cloud.octavia.loadBalancers.list({ tags: [this.marks.tag] });
  }

  /** How many of each the cluster has beside its load balancers. */
  async others(): Promise<Readonly<Record<string, number>>> {
    const { neutron, octavia } = this.cloud;
    const tagged = { tags: [this.marks.tag] };
    return {
      floatingIps: (await neutron.floatingIps.list(tagged)).length,
      securityGroups: (await neutron.securityGroups.list(tagged)).length,
      policies: (await octavia.l7Policies.list(tagged)).length,
    };
  }

  /** Leaves what a controller leaves that is killed before a listener refers to the certificate that it has stored. */
  async storeCertificate(): Promise<void> {
    const name = this.marks.certificateName(this.routerId, 'f00d');
    await this.cloud.barbican.secrets.create({ name, secret_type: 'opaque', payload: 'certificate' });
  }
}

/** Untagged, or another cluster's, and called as ours would be. */
async function addStrangers({ octavia, neutron, barbican }: Cloud, place: ServicePlace, clusterId: string) {
  const { vips, floating } = place.networks;
  const another = [`kuryr-cluster=${clusterId}0`, 'kuryr-source=Service/default/web-2'];
  const balancer = (name: string, tags: readonly string[]) =>
    octavia.loadBalancers.create({
      name,
      tags,
      vip_subnet_id: vips.subnetId,
      listeners: [{ protocol: 'TCP', protocol_port: 80, name, tags, default_pool: { name } }],
      pools: [{ protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', name, tags }],
    });
  await balancer('default/web-1', []);
  await balancer('default/web-2', another);
  const address = { floating_network_id: floating.networkId };
  await neutron.floatingIps.create({ ...address, description: 'mine' });
  const description = `Floating IP for Kubernetes Service default/web-1 from cluster ${clusterId}0`;
  await neutron.floatingIps.create({ ...address, description });
  await neutron.securityGroups.create({ name: `k8s_svc_${clusterId}_default_web-1` });
  await barbican.secrets.create({ name: `kuryr-cluster=${clusterId}0 router=r sha256=f00d`, payload: 'mine' });
}

/** A node with a port in Neutron, for the security groups of Services. */
async function addNode({ neutron }: Cloud, cluster: TestCluster): Promise<void> {
  const { id: network_id } = await neutron.networks.create({ name: 'nodes' });
  const { address: ip_address, cidr } = NODE;
  await neutron.subnets.create({
    network_id,
    name: 'nodes',
    cidr,
    ip_version: 4,
  });
  await neutron.ports.create({ network_id, fixed_ips: [{ ip_address }], name: 'worker' });
  cluster.setNodes({ worker: ip_address });
}
