import type { CredentialSource, Credentials } from './credentials.js';
import { FreshFile } from './fresh-file.js';

/** Paths; what is left out is not used. */
export interface CredentialFiles {
  readonly token?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** @default true */
  readonly verifyServer?: boolean;
}

/** Credentials in files, as Kuryr's options name them and as every Pod has them. Each is read again when it changes. */
export class FileCredentials implements CredentialSource {
  readonly #token: FreshFile | undefined;
  readonly #ca: FreshFile | undefined;
  readonly #certificate: FreshFile | undefined;
  readonly #key: FreshFile | undefined;
  readonly #verifyServer: boolean;
  #parts: readonly (Buffer | undefined)[] = [];
  #credentials: Credentials | undefined;

  constructor(files: CredentialFiles) {
    this.#token = file(files.token, 'token_file');
    this.#ca = file(files.ca, 'ssl_ca_crt_file');
    this.#certificate = file(files.certificate, 'ssl_client_crt_file');
    this.#key = file(files.key, 'ssl_client_key_file');
    this.#verifyServer = files.verifyServer ?? true;
  }

  async current(): Promise<Credentials> {
    const parts = await Promise.all([this.#token, this.#ca, this.#certificate, this.#key].map((part) => part?.read()));
    if (this.#credentials !== undefined && parts.every((part, index) => part === this.#parts[index])) {
      return this.#credentials;
    }
    const [token, ca, cert, key] = parts;
    this.#parts = parts;
    this.#credentials = {
      tls: {
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
        rejectUnauthorized: this.#verifyServer,
      },
      headers: token === undefined ? {} : { authorization: `Bearer ${token.toString('utf8').trim()}` },
    };
    return this.#credentials;
  }

  refresh(): Promise<Credentials> {
    return this.current();
  }
}

function file(path: string | undefined, purpose: string): FreshFile | undefined {
  return path === undefined ? undefined : new FreshFile(path, purpose);
}
