import { randomBytes, randomUUID } from 'node:crypto';
import { CLUSTER_ID } from '@kuryr-l7/config';
import { NestedVlanDriver, NeutronVifDriver } from '@kuryr-l7/driver-neutron-vif';
import { NeutronVifPool, NoopVifPool } from '@kuryr-l7/driver-vif-pool';
import { SILENT_LOGGER } from '@kuryr-l7/kube';
import type { Cloud } from '@kuryr-l7/openstack';
import type {
  Configuration,
  ObjectOf,
  Option,
  PODS,
  PodVifDriver,
  SharedCloud,
  VifPlace,
  VifPoolDriver,
} from '@kuryr-l7/plugin';
import type { OpenedVifDriver, OpenedVifPool } from '@kuryr-l7/plugin/conformance';
import type { Facts } from './bed/facts.js';

/** A cloud that Pods can have VIFs of; the simulated one and the real one are used alike. */
export interface VifCloud {
  readonly facts: Pick<Facts, 'users' | 'networks' | 'routerId'>;
  /** Of a user who may bind ports to hosts. */
  readonly cloud: Cloud;
  /** A host with an agent of Neutron. */
  readonly host: string;
}

type VifDriverClass = new (
  configuration: Configuration,
  cloud: SharedCloud,
  logger: typeof SILENT_LOGGER,
) => PodVifDriver;

const DRIVERS: Readonly<Record<'neutron-vif' | 'nested-vlan', VifDriverClass>> = {
  'neutron-vif': NeutronVifDriver,
  'nested-vlan': NestedVlanDriver,
};

/** What kuryr.conf says, by `option`; the defaults else. */
export function settings(given: Readonly<Record<string, unknown>>): Configuration {
  return { get: <T>({ name, default: ours }: Option<T>) => (name in given ? (given[name] as T) : ours) };
}

/** A cluster of its own on a cloud, with one node. */
export class VifCluster {
  readonly id = `vifs-${randomBytes(4).toString('hex')}`;
  readonly place: VifPlace;
  readonly #undo: (() => Promise<unknown>)[] = [];
  #settings: Readonly<Record<string, unknown>> = {};
  #address = '192.0.2.1';

  private constructor(
    private readonly where: VifCloud,
    place: VifPlace,
  ) {
    this.place = place;
  }

  static async open(where: VifCloud, kind: keyof typeof DRIVERS = 'neutron-vif'): Promise<VifCluster> {
    const { users, networks } = where.facts;
    const subnet = await where.cloud.neutron.subnets.get(networks.vips.subnetId);
    const place = { projectId: users.member.projectId, subnets: [subnet], securityGroups: [] };
    const cluster = new VifCluster(where, place);
    if (kind === 'nested-vlan') await cluster.#makeNode();
    return cluster;
  }

  get cloud(): Cloud {
    return this.where.cloud;
  }

  get shared(): SharedCloud {
    return { open: async () => this.where.cloud };
  }

  get configuration(): Configuration {
    return settings({ [CLUSTER_ID.name]: this.id, ...this.#settings });
  }

  driver(kind: keyof typeof DRIVERS = 'neutron-vif'): PodVifDriver {
    return new DRIVERS[kind](this.configuration, this.shared, SILENT_LOGGER);
  }

  pod(name = 'web'): ObjectOf<typeof PODS> {
    return {
      metadata: { namespace: 'ns', name, uid: randomUUID() },
      spec: { nodeName: this.where.host, containers: [] },
      status: { phase: 'Pending', hostIP: this.#address },
    };
  }

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

  async opened(kind: keyof typeof DRIVERS): Promise<OpenedVifDriver> {
    const { neutron } = this.cloud;
    return {
      driver: this.driver(kind),
      place: this.place,
      pod: () => this.pod(),
      reopen: async () => this.driver(kind),
      otherSecurityGroups: async () => {
        const { id } = await neutron.securityGroups.create({ name: this.id });
        this.#undo.push(() => neutron.securityGroups.delete(id));
        return [id];
      },
      addForeignPort: async () => {
        const { network_id = '' } = this.place.subnets[0] ?? {};
        const fields = { network_id, device_owner: 'compute:kuryr', description: `kuryr-cluster=${this.id}-another` };
        const { id } = await neutron.ports.create(fields);
        this.#undo.push(() => neutron.ports.delete(id));
        return id;
      },
      hasPort: async (id) => (await neutron.ports.list({ id })).length > 0,
      close: () => this.close(),
    };
  }

  pool(kind: 'noop' | 'neutron', vifs: PodVifDriver, given: Readonly<Record<string, unknown>> = {}): VifPoolDriver {
    if (kind === 'noop') return new NoopVifPool(vifs);
    return new NeutronVifPool(vifs, settings(given), SILENT_LOGGER);
  }

  async openedPool(kind: 'noop' | 'neutron', of: keyof typeof DRIVERS = 'neutron-vif'): Promise<OpenedVifPool> {
    const vifs = this.driver(of);
    const few = { ports_pool_batch: 4, ports_pool_min: 2 };
    return {
      pool: this.pool(kind, vifs, few),
      vifs,
      place: this.place,
      pod: () => this.pod(),
      reopen: async () => this.pool(kind, this.driver(of), few),
      close: () => this.close(),
    };
  }

  /** A server of the cloud: its port is the parent of a trunk. */
  async #makeNode(): Promise<void> {
    const { neutron } = this.cloud;
    const { networkId, subnetId } = this.where.facts.networks.nodes;
    const port = await neutron.ports.create({ network_id: networkId });
    this.#undo.push(() => neutron.ports.delete(port.id));
    const trunk = await neutron.trunks.create({ port_id: port.id });
    this.#undo.push(() => neutron.trunks.delete(trunk.id));
    this.#address = port.fixed_ips[0]?.ip_address ?? '';
    this.#settings = { worker_nodes_subnets: [subnetId] };
  }
}
