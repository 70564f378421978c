/** A password login; user and project are in the domain `Default` (id `default`). */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly userId: string;
  readonly projectName: string;
  readonly projectId: string;
}

/** A network with one subnet. */
export interface NetworkFacts {
  readonly networkId: string;
  readonly subnetId: string;
  readonly cidr: string;
}

/** What is there from the start: the facts of the real test bed (`.cache/openstack/facts.json`) have the same shape. */
export interface OpenStackFacts {
  /** Keystone, with `/v3`. */
  readonly authUrl: string;
  readonly region: string;
  /** As in Keystone's catalog, for the interfaces public, internal and admin. */
  readonly endpoints: {
    readonly identity: string;
    readonly network: string;
    readonly keyManager: string;
    readonly loadBalancer: string;
  };
  readonly users: {
    /** May use load balancers, networks and secrets of the project `kuryr`. */
    readonly member: Login;
    /** The same in another project. */
    readonly other: Login;
    /** In the project `kuryr`, without any load-balancer role: Octavia answers 403. */
    readonly withoutLoadBalancerRole: Login;
    readonly admin: Login;
  };
  /** Of `member`; unrestricted. */
  readonly applicationCredential: { readonly id: string; readonly name: string; readonly secret: string };
  readonly networks: {
    readonly vips: NetworkFacts;
    /** Where cluster nodes, that is members, may be. */
    readonly nodes: NetworkFacts;
    /** External: floating IPs come from it. */
    readonly floating: NetworkFacts;
  };
  /** Connects the three networks. */
  readonly routerId: string;
}
