/** On Services and Endpoints: `LBaaSServiceSpec`. */
export const LBAAS_SPEC_ANNOTATION = 'openstack.org/kuryr-lbaas-spec';
/** On Endpoints: `LBaaSState`. */
export const LBAAS_STATE_ANNOTATION = 'openstack.org/kuryr-lbaas-state';
/** On Pods: `PodState`. */
export const VIF_ANNOTATION = 'openstack.org/kuryr-vif';
