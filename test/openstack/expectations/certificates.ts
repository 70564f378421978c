import type { ApiStep, ExpectationSuite, Step } from './expectation.js';
import { PKCS12 } from './pkcs12.js';
import { FULL_LOAD_BALANCER, fault, POOL_IDS } from './steps.js';

const LISTENER = '/v2/lbaas/listeners/{tls}';

function store(name: string, payload = PKCS12): Step {
  return {
    send: 'POST /v1/secrets',
    to: 'keyManager',
    body: {
      name,
      secret_type: 'opaque',
      payload,
      payload_content_type: 'application/octet-stream',
      payload_content_encoding: 'base64',
    },
    status: 201,
    save: { [name]: 'secret_ref' },
  };
}

/** Takes away a secret by its reference, which begins with the address of Barbican. */
function removeSecret(name: string): Step {
  return { send: `DELETE {${name}}`, to: 'keyManager', status: 204 };
}

const HEALTHY: ApiStep = {
  send: `GET ${LISTENER}`,
  status: 200,
  answer: { listener: { provisioning_status: 'ACTIVE' } },
};
const BROKEN: Step = { ...HEALTHY, answer: { listener: { provisioning_status: 'ERROR' } } };

export const CERTIFICATES: ExpectationSuite = {
  name: 'A listener\u2019s certificates',
  setup: [FULL_LOAD_BALANCER, ...POOL_IDS, store('first'), store('second'), store('unreadable', 'bm90aGluZw==')],
  expectations: [
    {
      name: 'have to be there and to be readable',
      steps: [
        {
          send: 'POST /v2/lbaas/listeners',
          body: {
            listener: {
              loadbalancer_id: '{loadBalancer}',
              protocol: 'TERMINATED_HTTPS',
              protocol_port: 443,
              default_tls_container_ref: '{first}0',
            },
          },
          status: 400,
          answer: { faultstring: '~Could not retrieve certificate: [' },
        },
        {
          send: 'POST /v2/lbaas/listeners',
          body: {
            listener: {
              loadbalancer_id: '{loadBalancer}',
              protocol: 'TERMINATED_HTTPS',
              protocol_port: 443,
              default_tls_container_ref: '{unreadable}',
            },
          },
          status: 400,
          answer: { faultstring: '~The PKCS12 bundle is unreadable.' },
        },
      ],
    },
    {
      name: 'are given by reference, with Octavia\u2019s TLS defaults',
      steps: [
        {
          send: 'POST /v2/lbaas/listeners',
          body: {
            listener: {
              loadbalancer_id: '{loadBalancer}',
              protocol: 'TERMINATED_HTTPS',
              protocol_port: 443,
              sni_container_refs: ['{first}'],
            },
          },
          status: 201,
          answer: {
            listener: {
              default_tls_container_ref: null,
              sni_container_refs: ['{first}'],
              tls_versions: ['TLSv1.2', 'TLSv1.3'],
              alpn_protocols: ['h2', 'http/1.1', 'http/1.0'],
              tls_ciphers: '~TLS_AES_256_GCM_SHA384:',
            },
          },
          save: { tls: 'listener.id' },
          settles: 'ACTIVE',
        },
        HEALTHY,
        {
          send: `PUT ${LISTENER}`,
          body: { listener: { tls_versions: [] } },
          status: 400,
          answer: { faultstring: '~Validation failure: Empty TLS version list.' },
        },
        {
          send: `PUT ${LISTENER}`,
          body: { listener: { tls_versions: ['TLSv0'] } },
          status: 400,
          answer: fault('Validation failure: Invalid TLS versions: TLSv0'),
        },
        {
          send: `PUT ${LISTENER}`,
          body: { listener: { alpn_protocols: [] } },
          status: 400,
          answer: { faultstring: '~Validation failure: Empty ALPN protocol list.' },
        },
      ],
    },
    {
      name: 'are rotated in place',
      steps: [
        {
          send: `PUT ${LISTENER}`,
          body: { listener: { default_tls_container_ref: '{second}', sni_container_refs: [] } },
          status: 200,
          answer: { listener: { default_tls_container_ref: '{second}', sni_container_refs: [] } },
          settles: 'ACTIVE',
        },
        HEALTHY,
      ],
    },
    {
      name: 'are not protected by Barbican, and a listener without its secret is in ERROR after its next PUT',
      steps: [
        removeSecret('second'),
        { send: `PUT ${LISTENER}`, body: { listener: { name: 'x' } }, status: 200, settles: 'ACTIVE' },
        BROKEN,
      ],
    },
    {
      name: 'cannot be got rid of by deleting the listener: it stays, in ERROR, and keeps its port',
      steps: [
        { send: `DELETE ${LISTENER}`, status: 204, settles: 'ACTIVE' },
        BROKEN,
        {
          send: 'POST /v2/lbaas/listeners',
          body: { listener: { loadbalancer_id: '{loadBalancer}', protocol: 'HTTP', protocol_port: 443 } },
          status: 409,
        },
      ],
    },
    {
      name: 'are healed by a PUT of one that is there',
      steps: [
        {
          send: `PUT ${LISTENER}`,
          body: { listener: { default_tls_container_ref: '{first}' } },
          status: 200,
          settles: 'ACTIVE',
        },
        HEALTHY,
      ],
    },
    {
      name: 'hinder no policy of another listener, but break their own',
      steps: [
        removeSecret('first'),
        {
          send: 'POST /v2/lbaas/l7policies',
          body: { l7policy: { listener_id: '{listener}', action: 'REJECT' } },
          status: 201,
          save: { policy: 'l7policy.id' },
          settles: 'ACTIVE',
        },
        {
          send: 'GET /v2/lbaas/l7policies/{policy}',
          status: 200,
          answer: { l7policy: { provisioning_status: 'ACTIVE' } },
        },
        BROKEN,
      ],
    },
    {
      name: 'freeze the whole load balancer when one is gone and a pool is made: PENDING for good',
      steps: [
        {
          send: 'POST /v2/lbaas/pools',
          body: { pool: { loadbalancer_id: '{loadBalancer}', protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' } },
          status: 201,
          settles: 'PENDING_UPDATE',
        },
      ],
    },
  ],
  cleanup: [removeSecret('unreadable')],
};
