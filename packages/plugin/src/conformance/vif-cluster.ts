import { randomBytes, randomUUID } from 'node:crypto';
import { CLUSTER_ID, type Configuration } from '@kuryr-l7/config';
import { type Logger, type ObjectOf, type PODS, SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import type { PodVifDriver, VifPlace } from '../drivers/pod-vif-driver.js';
import type { VifPoolDriver } from '../drivers/vif-pool-driver.js';
import type { SharedCloud } from '../shared-cloud.js';
import type { OpenedVifDriver } from './pod-vif-driver.js';
import { settings } from './settings.js';
import type { OpenedVifPool } from './vif-pool-driver.js';

interface NetworkFacts {
  readonly networkId: string;
  readonly subnetId: string;
}

/** A cloud that Pods can have VIFs of; a simulated one and a real one are used alike. */
export interface VifCloud {
  readonly facts: {
    readonly users: { readonly member: { readonly projectId: string } };
    /** Where Pods are, and where nodes are that are servers of the cloud. */
    readonly networks: { readonly vips: NetworkFacts; readonly nodes: NetworkFacts };
  };
  /** Of a user who may bind ports to hosts. */
  readonly cloud: Cloud;
  /** A host with an agent of Neutron. */
  readonly host: string;
}

/** A driver of VIFs that are ports of Neutron. */
export type VifDriverClass = new (configuration: Configuration, cloud: SharedCloud, logger: Logger) => PodVifDriver;

/** Opens a pool of what a driver gives. */
export type OpenVifPool = (vifs: PodVifDriver) => VifPoolDriver;

/** A cluster of its own on a cloud, with one node, for tests of drivers of VIFs that are ports of Neutron. */
export class VifCluster {
  readonly id = `vifs-${randomBytes(4).toString('hex')}`;
  readonly #undo: (() => Promise<unknown>)[] = [];
  #settings: Readonly<Record<string, unknown>> = {};
  #address = '192.0.2.1';

  private constructor(
    private readonly where: VifCloud,
    private readonly driverClass: VifDriverClass,
    readonly place: VifPlace,
  ) {}

  /** The node has no trunk: it has an agent of Neutron. */
  static async open(where: VifCloud, driverClass: VifDriverClass): Promise<VifCluster> {
    const { users, networks } = where.facts;
    const subnet = await where.cloud.neutron.subnets.get(networks.vips.subnetId);
    const place = { projectId: users.member.projectId, subnets: [subnet], securityGroups: [] };
    return new VifCluster(where, driverClass, place);
  }

  /** The node is a server of the cloud: its port is the parent of a trunk. */
  static async withTrunk(where: VifCloud, driverClass: VifDriverClass): Promise<VifCluster> {
    const cluster = await VifCluster.open(where, driverClass);
    const { neutron } = where.cloud;
    const { networkId, subnetId } = where.facts.networks.nodes;
    const port = await neutron.ports.create({ network_id: networkId });
    cluster.#undo.push(() => neutron.ports.delete(port.id));
    const trunk = await neutron.trunks.create({ port_id: port.id });
    cluster.#undo.push(() => neutron.trunks.delete(trunk.id));
    cluster.#address = port.fixed_ips[0]?.ip_address ?? '';
    cluster.#settings = { worker_nodes_subnets: [subnetId] };
    return cluster;
  }

  get cloud(): Cloud {
    return this.where.cloud;
  }

  /** Each is another process. */
  driver(): PodVifDriver {
    const configuration = settings({ [CLUSTER_ID.name]: this.id, ...this.#settings });
    return new this.driverClass(configuration, { open: async () => this.where.cloud }, SILENT_LOGGER);
  }

  /** Each is another one, on the node of the cluster. */
  pod(): ObjectOf<typeof PODS> {
    return {
      metadata: { namespace: 'ns', name: 'web', uid: randomUUID() },
      spec: { nodeName: this.where.host, containers: [] },
      status: { phase: 'Pending', hostIP: this.#address },
    };
  }

  /** Those that carry the cluster's tag. */
  ports() {
    return this.cloud.neutron.ports.list({ tags: [`kuryr-cluster=${this.id}`] });
  }

  /** Deletes everything of the cluster. */
  async close(): Promise<void> {
    const { neutron } = this.cloud;
    const trunks = await neutron.trunks.list();
    for (const { id } of await this.ports()) {
      const trunk = trunks.find(({ sub_ports }) => sub_ports.some(({ port_id }) => port_id === id));
      if (trunk !== undefined) await neutron.removeSubports(trunk.id, [id]);
      await neutron.ports.delete(id);
    }
    for (const undo of this.#undo.reverse()) await undo();
  }

  /** For `podVifDriverConformance`. */
  opened(): OpenedVifDriver {
    const { neutron } = this.cloud;
    return {
      driver: this.driver(),
      place: this.place,
      pod: () => this.pod(),
      reopen: async () => this.driver(),
      otherSecurityGroups: async () => {
        const { id } = await neutron.securityGroups.create({ name: this.id });
        this.#undo.push(() => neutron.securityGroups.delete(id));
        return [id];
      },
      foreignPorts: async () => {
        const ours = `kuryr-cluster=${this.id}`;
        return [
          await this.#foreignPort({ device_owner: 'compute:kuryr', description: `${ours}-another` }),
          // What anybody may write.
          await this.#foreignPort({ description: ours }),
        ];
      },
      hasPort: async (id) => (await neutron.ports.list({ id })).length > 0,
      close: () => this.close(),
    };
  }

  /** For `vifPoolDriverConformance`. */
  openedPool(openPool: OpenVifPool): OpenedVifPool {
    const vifs = this.driver();
    return {
      pool: openPool(vifs),
      vifs,
      place: this.place,
      pod: () => this.pod(),
      reopen: async () => openPool(this.driver()),
      close: () => this.close(),
    };
  }

  async #foreignPort(fields: { readonly device_owner?: string; readonly description: string }): Promise<string> {
    const { neutron } = this.cloud;
    const { network_id = '' } = this.place.subnets[0] ?? {};
    const { id } = await neutron.ports.create({ network_id, ...fields });
    this.#undo.push(() => neutron.ports.delete(id));
    return id;
  }
}
