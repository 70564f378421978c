import type { Cloud } from '@kuryr-l7/openstack';

/**
 * The OpenStack cloud of `[neutron]`, opened when somebody first asks for it and shared by all: one token, one bound on
 * requests. A plugin that asks for it names `OPENSTACK_OPTIONS` of `@kuryr-l7/openstack` among its options; `run` then does not
 * start, and `check-config` fails, where they don't say how to log in to a cloud.
 */
export interface SharedCloud {
  /**
   * Ask again for each piece of work rather than keep it: where `[neutron]` has changed in kuryr.conf, another cloud comes.
   * No request is sent. Its `close` does nothing: it stays open for the others, until the controller stops.
   * @throws CloudConfigurationError naming the option that is missing or wrong
   */
  open(): Promise<Cloud>;
}
