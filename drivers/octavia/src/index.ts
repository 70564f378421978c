import type { L7RouterDriverPlugin } from '@kuryr-l7/plugin';
import { checkedOptions } from './checked-options.js';
import { OctaviaDriver } from './octavia-driver.js';
import { OCTAVIA_OPTIONS } from './options.js';

export { PollingPace, type PollingPaceOptions } from '@kuryr-l7/openstack';
export { octaviaCapabilities } from './capabilities.js';
export { HTTP_PORT, NOT_FOUND_POOL } from './options.js';
export { type CreatedRouter, type CreateRouterOptions, createRouter } from './router/create-router.js';
export { describeRouter, type RouterListenerReport, type RouterReport } from './router/describe-router.js';
export type { OctaviaRouter } from './router/octavia-router.js';
export { type OpenOptions, openOctaviaRouter } from './router/open-octavia-router.js';
export * from './settings.js';
export type { ListenerCertificates } from './tls/listener-certificates.js';
export type { TlsCertificate } from './tls/tls-certificate.js';

const plugin: L7RouterDriverPlugin = {
  type: 'l7-router-driver',
  name: 'octavia',
  pluginApi: 1,
  options: OCTAVIA_OPTIONS,
  async check(configuration) {
    await checkedOptions(configuration);
  },
  driver: OctaviaDriver,
};

export default plugin;
