import type { JsonRecord } from '../json.js';
import type { Authentication, Scope } from '../settings/cloud-settings.js';

/** The body of `POST /v3/auth/tokens`. Holds secrets. */
export function authRequest(authentication: Authentication, scope: Scope | undefined): JsonRecord {
  const identity = identityOf(authentication);
  // Keystone refuses a scope beside an application credential, which has its own.
  if (scope === undefined || authentication.method === 'application_credential') return { auth: { identity } };
  return { auth: { identity, scope: scopeOf(scope) } };
}

function identityOf(authentication: Authentication): JsonRecord {
  switch (authentication.method) {
    case 'password':
      return {
        methods: ['password'],
        password: { user: { ...authentication.user, password: authentication.password } },
      };
    case 'application_credential':
      return {
        methods: ['application_credential'],
        application_credential: { ...authentication.credential, secret: authentication.secret },
      };
    case 'token':
      return { methods: ['token'], token: { id: authentication.token } };
  }
}

function scopeOf(scope: Scope): JsonRecord {
  if ('trust' in scope) return { 'OS-TRUST:trust': { id: scope.trust } };
  if ('system' in scope) return { system: { all: true } };
  return { ...scope };
}
