export { PollingPace, type PollingPaceOptions } from '@kuryr-l7/openstack';
