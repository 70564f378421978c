import { NotFoundError } from '../errors/api-error.js';
import { apiErrorOf, type Remedies } from '../errors/api-error-of.js';
import { CloudConfigurationError } from '../errors/cloud-configuration-error.js';
import type { CloudSettings } from '../settings/cloud-settings.js';
import type { HttpClient } from '../transport/http-client.js';
import { type RetryOptions, withRetries } from '../transport/retry.js';
import { authRequest } from './auth-request.js';
import { describeLogin } from './describe-login.js';
import { readToken, type Token } from './token.js';

/** Logs in at Keystone. Nothing is lost by a token that nobody took, so a failed attempt is tried again as a GET is. */
export class KeystoneAuthenticator {
  readonly #url: URL;

  constructor(
    private readonly settings: CloudSettings,
    private readonly http: HttpClient,
    private readonly retry: RetryOptions,
  ) {
    this.#url = tokensUrl(settings.authUrl);
  }

  /** @throws UnauthorizedError wrong credentials; CloudConfigurationError no Keystone v3 there; any other */
  async authenticate(signal: AbortSignal): Promise<Token> {
    const token = await withRetries(() => this.#attempt(signal), signal, this.retry);
    const { userName, projectName, roles } = token.identity;
    this.retry.logger.debug('logged in at Keystone', { user: userName, project: projectName, roles });
    return token;
  }

  async #attempt(signal: AbortSignal): Promise<Token> {
    const label = `Keystone POST ${this.#url.pathname}`;
    const { authentication, scope } = this.settings;
    const asked = this.retry.clock.now();
    const answer = await this.http.send(
      {
        service: 'Keystone',
        label,
        method: 'POST',
        url: this.#url,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(authRequest(authentication, scope)),
      },
      signal,
    );
    if (answer.status === 201 || answer.status === 200) return readToken(label, answer, asked);
    const error = apiErrorOf(label, answer, this.#remedies(), this.retry.clock.wallTime());
    if (!(error instanceof NotFoundError)) throw error;
    throw new CloudConfigurationError(
      `${error.message}: there is no Keystone v3 at ${this.#url.origin}: correct auth_url in ${this.settings.origin}`,
      { cause: error },
    );
  }

  #remedies(): Remedies {
    const { origin } = this.settings;
    const login = describeLogin(this.settings);
    return {
      unauthorized: `Keystone at ${this.#url.origin} does not let ${login} in: check names, domains and secret in ${origin}, and that none is disabled or expired`,
      forbidden: `${login} may not log in: have an administrator give a role in that project`,
    };
  }
}

/** `auth_url` may end in a version or not. */
function tokensUrl(authUrl: string): URL {
  const url = new URL(authUrl);
  url.search = '';
  url.hash = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/v(?:2\.0|3)$/, '')}/v3/auth/tokens`;
  return url;
}
