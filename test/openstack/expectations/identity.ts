import type { ApiStep, ExpectationSuite } from './expectation.js';

const UNAUTHORIZED = { error: { code: 401, title: 'Unauthorized' } };

function logIn(identity: unknown, scope?: unknown): Pick<ApiStep, 'send' | 'to' | 'as' | 'body'> {
  return { send: 'POST /auth/tokens', to: 'identity', as: 'nobody', body: { auth: { identity, scope } } };
}

function byPassword(user: unknown): unknown {
  return { methods: ['password'], password: { user } };
}

export const IDENTITY: ExpectationSuite = {
  name: 'Keystone',
  setup: [],
  expectations: [
    {
      name: 'gives a token with the catalog for a name and a password',
      steps: [
        {
          ...logIn(
            byPassword({
              name: '{facts.users.member.username}',
              domain: { name: 'Default' },
              password: '{facts.users.member.password}',
            }),
            { project: { name: '{facts.users.member.projectName}', domain: { id: 'default' } } },
          ),
          status: 201,
          answer: {
            token: {
              methods: ['password'],
              user: { name: '{facts.users.member.username}', domain: { id: 'default', name: 'Default' } },
              project: { id: '{facts.users.member.projectId}' },
            },
          },
        },
      ],
    },
    {
      name: 'gives a token for an application credential, and none for a wrong secret',
      steps: [
        {
          ...logIn({
            methods: ['application_credential'],
            application_credential: {
              id: '{facts.applicationCredential.id}',
              secret: '{facts.applicationCredential.secret}',
            },
          }),
          status: 201,
          answer: { token: { project: { id: '{facts.users.member.projectId}' } } },
        },
        {
          ...logIn({
            methods: ['application_credential'],
            application_credential: { id: '{facts.applicationCredential.id}', secret: 'wrong' },
          }),
          status: 401,
          answer: UNAUTHORIZED,
        },
      ],
    },
    {
      name: 'says 401 and nothing more for a wrong password, an unknown user, another domain or a foreign project',
      steps: [
        {
          ...logIn(byPassword({ id: '{facts.users.member.userId}', password: 'wrong' })),
          status: 401,
          answer: UNAUTHORIZED,
        },
        {
          ...logIn(byPassword({ name: 'nobody', domain: { id: 'default' }, password: 'wrong' })),
          status: 401,
          answer: UNAUTHORIZED,
        },
        {
          ...logIn(
            byPassword({
              name: '{facts.users.member.username}',
              domain: { name: 'Nowhere' },
              password: '{facts.users.member.password}',
            }),
          ),
          status: 401,
          answer: UNAUTHORIZED,
        },
        {
          ...logIn(byPassword({ id: '{facts.users.member.userId}', password: '{facts.users.member.password}' }), {
            project: { id: '{facts.users.other.projectId}' },
          }),
          status: 401,
          answer: UNAUTHORIZED,
        },
      ],
    },
  ],
};
