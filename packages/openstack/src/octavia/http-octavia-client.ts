import type { CallOptions } from '../api/call-options.js';
import { AnswerError } from '../errors/answer-error.js';
import type { ServiceClient } from '../transport/service-client.js';
import { newestVersion, readApiVersion } from './api-version.js';
import { readHealthMonitor } from './health-monitor.js';
import { HttpListeners } from './http-listeners.js';
import { HttpLoadBalancers } from './http-load-balancers.js';
import { HttpMembers } from './http-members.js';
import { HttpQuotas } from './http-quotas.js';
import { readL7Policy } from './l7-policy.js';
import { readL7Rule } from './l7-rule.js';
import { NestedResourceCollection } from './nested-resource-collection.js';
import { capabilitiesOf, type OctaviaCapabilities } from './octavia-capabilities.js';
import type { OctaviaClient } from './octavia-client.js';
import { OctaviaCollection } from './octavia-collection.js';
import { readPool } from './pool.js';
import { type Provider, readProvider } from './provider.js';

const ROOT = '/v2/lbaas';

export class HttpOctaviaClient implements OctaviaClient {
  readonly loadBalancers;
  readonly listeners;
  readonly pools: OctaviaClient['pools'];
  readonly members;
  readonly healthMonitors: OctaviaClient['healthMonitors'];
  readonly l7Policies: OctaviaClient['l7Policies'];
  readonly l7Rules: OctaviaClient['l7Rules'];
  readonly quotas;
  #capabilities: OctaviaCapabilities | undefined;

  constructor(private readonly octavia: ServiceClient) {
    this.loadBalancers = new HttpLoadBalancers(octavia);
    this.listeners = new HttpListeners(octavia);
    this.pools = new OctaviaCollection(octavia, {
      path: `${ROOT}/pools`,
      singular: 'pool',
      plural: 'pools',
      read: readPool,
    });
    this.members = new HttpMembers(octavia);
    this.healthMonitors = new OctaviaCollection(octavia, {
      path: `${ROOT}/healthmonitors`,
      singular: 'healthmonitor',
      plural: 'healthmonitors',
      read: readHealthMonitor,
    });
    this.l7Policies = new OctaviaCollection(octavia, {
      path: `${ROOT}/l7policies`,
      singular: 'l7policy',
      plural: 'l7policies',
      read: readL7Policy,
    });
    this.l7Rules = new NestedResourceCollection(octavia, (policy) => ({
      path: `${ROOT}/l7policies/${policy}/rules`,
      singular: 'rule',
      plural: 'rules',
      read: readL7Rule,
    }));
    this.quotas = new HttpQuotas(octavia);
  }

  providers(options: CallOptions = {}): Promise<readonly Provider[]> {
    return this.octavia.request('GET', `${ROOT}/providers`, options, (answer) =>
      answer.reader().requiredList('providers', readProvider),
    );
  }

  async capabilities(options: CallOptions = {}): Promise<OctaviaCapabilities> {
    this.#capabilities ??= await this.octavia.request('GET', '/', options, (answer) => {
      const versions = answer.reader().requiredList('versions', readApiVersion);
      const newest = newestVersion(versions.filter((version) => version !== undefined));
      if (newest === undefined) throw new AnswerError('Octavia GET /: versions: there is none of the API v2');
      return capabilitiesOf(newest);
    });
    return this.#capabilities;
  }

  answeredAt(): number | undefined {
    return this.octavia.answeredAt;
  }
}
