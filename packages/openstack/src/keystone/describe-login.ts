import type { CloudSettings, DomainReference, ScopedReference } from '../settings/cloud-settings.js';

/** Who logs in, without the secret: `user kuryr of domain Default, project service of domain Default`. */
export function describeLogin({ authentication, scope }: Pick<CloudSettings, 'authentication' | 'scope'>): string {
  const parts = [describeAuthentication(authentication)];
  if (scope !== undefined && 'project' in scope) parts.push(`project ${describeScoped(scope.project)}`);
  if (scope !== undefined && 'domain' in scope) parts.push(`domain ${describeDomain(scope.domain)}`);
  return parts.join(', ');
}

function describeAuthentication(authentication: CloudSettings['authentication']): string {
  switch (authentication.method) {
    case 'password':
      return `user ${describeScoped(authentication.user)}`;
    case 'application_credential': {
      const { credential } = authentication;
      if ('id' in credential) return `application credential ${credential.id}`;
      return `application credential ${credential.name} of user ${describeScoped(credential.user)}`;
    }
    case 'token':
      return 'the given token';
  }
}

function describeScoped(reference: ScopedReference): string {
  return 'id' in reference ? reference.id : `${reference.name} of domain ${describeDomain(reference.domain)}`;
}

function describeDomain(domain: DomainReference): string {
  return 'id' in domain ? domain.id : domain.name;
}
