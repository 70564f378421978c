import type { ApiStep, ExpectationSuite } from './expectation.js';

const DENIED = { code: 403, title: 'Forbidden' };
const GONE: ApiStep = {
  send: 'GET {secret}',
  to: 'keyManager',
  status: 404,
  answer: { code: 404, title: 'Not Found' },
};

export const SECRETS: ExpectationSuite = {
  name: 'Barbican',
  setup: [
    {
      send: 'POST /v1/secrets',
      to: 'keyManager',
      body: {
        name: 'expectation-{unique}',
        secret_type: 'opaque',
        payload: 'aGVsbG8=',
        payload_content_type: 'application/octet-stream',
        payload_content_encoding: 'base64',
      },
      status: 201,
      answer: { secret_ref: '~/v1/secrets/' },
      save: { secret: 'secret_ref' },
    },
  ],
  expectations: [
    {
      name: 'tells a secret and its payload',
      steps: [
        {
          send: 'GET {secret}',
          to: 'keyManager',
          status: 200,
          answer: {
            name: 'expectation-{unique}',
            status: 'ACTIVE',
            secret_type: 'opaque',
            content_types: { default: 'application/octet-stream' },
            creator_id: '{facts.users.member.userId}',
            secret_ref: '{secret}',
          },
        },
        { send: 'GET {secret}/payload', to: 'keyManager', status: 200, answer: 'hello' },
        {
          send: 'GET /v1/secrets?name=expectation-{unique}',
          to: 'keyManager',
          status: 200,
          answer: { secrets: [{ secret_ref: '{secret}' }], total: 1 },
        },
        {
          send: 'GET /v1/secrets?name=no-such-secret',
          to: 'keyManager',
          status: 200,
          answer: { secrets: [], total: 0 },
        },
      ],
    },
    {
      name: 'lets another project read a secret when its access list names the user',
      steps: [
        { send: 'GET {secret}', to: 'keyManager', as: 'other', status: 403, answer: DENIED },
        {
          send: 'GET {secret}/acl',
          to: 'keyManager',
          status: 200,
          answer: { read: { 'project-access': true, users: undefined } },
        },
        {
          send: 'PUT {secret}/acl',
          to: 'keyManager',
          body: { read: { users: ['{facts.users.other.userId}'], 'project-access': true } },
          status: 200,
          answer: { acl_ref: '{secret}/acl' },
        },
        { send: 'GET {secret}', to: 'keyManager', as: 'other', status: 200 },
      ],
    },
    {
      name: 'keeps certificates together in containers',
      steps: [
        {
          send: 'POST /v1/containers',
          to: 'keyManager',
          body: { name: 'c', type: 'generic', secret_refs: [{ name: 'certificate', secret_ref: '{secret}' }] },
          status: 201,
          save: { container: 'container_ref' },
        },
        {
          send: 'GET {container}',
          to: 'keyManager',
          status: 200,
          answer: { name: 'c', type: 'generic', secret_refs: [{ name: 'certificate', secret_ref: '{secret}' }] },
        },
        { send: 'DELETE {container}', to: 'keyManager', status: 204 },
        { send: 'GET {container}', to: 'keyManager', status: 404 },
      ],
    },
    {
      name: 'forgets a deleted secret',
      steps: [{ send: 'DELETE {secret}', to: 'keyManager', status: 204 }, GONE, { ...GONE, send: 'DELETE {secret}' }],
    },
  ],
};
