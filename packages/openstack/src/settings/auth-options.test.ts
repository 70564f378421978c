import { describe, expect, it } from '@jest/globals';
import { CloudConfigurationError } from '../errors/cloud-configuration-error.js';
import { type AuthOptions, loginOf } from './auth-options.js';

const auth_url = 'https://keystone.example:5000/v3';
const user = { auth_url, username: 'kuryr', user_domain_name: 'Default', password: 'secret-password' };
const complete = { ...user, project_name: 'service', project_domain_id: 'default' };

const login = (options: AuthOptions) => loginOf(options, '[neutron]');

describe('the options to log in with', () => {
  it('make a password of a user for a project', () => {
    expect(login({ ...complete, auth_type: 'v3password' })).toEqual({
      authUrl: auth_url,
      authentication: {
        method: 'password',
        user: { name: 'kuryr', domain: { name: 'Default' } },
        password: 'secret-password',
      },
      scope: { project: { name: 'service', domain: { id: 'default' } } },
    });
  });

  it('prefer ids, which need no domain', () => {
    const { authentication, scope } = login({
      auth_url,
      user_id: 'u1',
      password: 'x',
      project_id: 'p1',
      username: 'k',
    });
    expect(authentication).toMatchObject({ user: { id: 'u1' } });
    expect(scope).toEqual({ project: { id: 'p1' } });
  });

  it('take the default domain where none is named', () => {
    const { authentication, scope } = login({
      auth_url,
      username: 'kuryr',
      password: 'x',
      project_name: 'service',
      default_domain_id: 'default',
    });
    expect(authentication).toMatchObject({ user: { domain: { id: 'default' } } });
    expect(scope).toMatchObject({ project: { domain: { id: 'default' } } });
  });

  it.each<[string, AuthOptions, unknown]>([
    ['a trust', { trust_id: 't' }, { trust: 't' }],
    ['the system', { system_scope: 'all' }, { system: 'all' }],
    ['a domain', { domain_name: 'Default' }, { domain: { name: 'Default' } }],
  ])('may be for %s', (_, options, scope) => {
    expect(login({ ...user, ...options })).toHaveProperty('scope', scope);
  });

  it.each<[string, AuthOptions, unknown]>([
    [
      'an application credential by id',
      { application_credential_id: 'c1', application_credential_secret: 's' },
      { method: 'application_credential', credential: { id: 'c1' }, secret: 's' },
    ],
    [
      'an application credential by name and user',
      { ...user, application_credential_name: 'c', application_credential_secret: 's' },
      {
        method: 'application_credential',
        credential: { name: 'c', user: { name: 'kuryr', domain: { name: 'Default' } } },
        secret: 's',
      },
    ],
    ['a token', { token: 't', project_id: 'p1' }, { method: 'token', token: 't' }],
  ])('are guessed to be %s from what is given', (_, options, authentication) => {
    expect(login({ auth_url, ...options })).toHaveProperty('authentication', authentication);
  });

  it.each<[string, AuthOptions]>([
    ['auth_url is missing', { ...complete, auth_url: '' }],
    ['auth_url is no http or https URL, such as https://keystone:5000/v3', { ...complete, auth_url: 'keystone:5000' }],
    ['username is missing', { ...complete, username: undefined }],
    ['password is missing', { ...complete, password: '' }],
    ['user_domain_name (often Default; or user_domain_id) is missing', { ...complete, user_domain_name: '' }],
    ['project_name (or project_id) is missing', user],
    ['project_domain_name (often Default; or project_domain_id) is missing', { ...complete, project_domain_id: '' }],
    ['application_credential_secret is missing', { ...complete, auth_type: 'v3applicationcredential' }],
    [
      'application_credential_id (or application_credential_name) is missing',
      { auth_url, application_credential_secret: 's' },
    ],
    ['application_credential_secret is missing', { auth_url, application_credential_id: 'c1' }],
    ['token is missing', { ...complete, auth_type: 'v3token' }],
    ['auth_type v3kerberos is not supported: use password, v3app', { ...complete, auth_type: 'v3kerberos' }],
  ])('say what is missing or wrong: %s', (message, options) => {
    expect(() => login(options)).toThrow(CloudConfigurationError);
    expect(() => login(options)).toThrow(`[neutron]: ${message}`);
    expect(() => login(options)).not.toThrow('secret-password');
  });
});
