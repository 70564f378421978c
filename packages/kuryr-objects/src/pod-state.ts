import { defaulted, dictOf } from './fields/composed-fields.js';
import { objectClass } from './fields/object-class.js';
import { VIF, type Vif } from './vif-objects.js';

/** The interfaces of a Pod; annotation `openstack.org/kuryr-vif`, which Kuryr's CNI daemon waits for. */
export interface PodState {
  /** Interface `eth0`. */
  readonly default_vif: Vif;
  /** By the name of the interface in the Pod, e.g. `eth1`. */
  readonly additional_vifs: Readonly<Record<string, Vif>>;
}

/** Of namespace `os_vif`, as in Kuryr: its library reads no object that holds objects of other namespaces. */
export const POD_STATE = objectClass<PodState>(
  { namespace: 'os_vif', name: 'PodState', version: '1.0' },
  { default_vif: VIF, additional_vifs: defaulted(dictOf(VIF), {}) },
);
