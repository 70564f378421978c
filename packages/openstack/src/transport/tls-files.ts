import { readFile, stat } from 'node:fs/promises';
import type { AgentOptions } from 'node:https';
import { CloudConfigurationError } from '../errors/cloud-configuration-error.js';
import { reasonOf } from '../errors/reason-of.js';

/** Paths of PEM files; what is left out is not used. */
export interface TlsSettings {
  /** Authorities that may have signed the services' certificates. @default those that Node.js trusts */
  readonly caFile?: string;
  /** Client certificate; needs `keyFile` unless it holds the key too. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Takes any certificate. @default false */
  readonly insecure?: boolean;
}

export type TlsOptions = Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;

/** The certificates in files, read again when one of them changed. */
export class TlsFiles {
  #versions = '';
  #options: TlsOptions | undefined;

  /** @param origin For people: where the paths are written. */
  constructor(
    private readonly settings: TlsSettings,
    private readonly origin: string,
  ) {}

  /** The same object as long as no file changed. @throws CloudConfigurationError when a file can't be read */
  async current(): Promise<TlsOptions> {
    const { caFile, certFile, keyFile = certFile, insecure = false } = this.settings;
    const versions = (await Promise.all([versionOf(caFile), versionOf(certFile), versionOf(keyFile)])).join('\n');
    if (this.#options !== undefined && versions === this.#versions) return this.#options;
    const [ca, cert, key] = await Promise.all([
      this.#read('cafile', caFile),
      this.#read('certfile', certFile),
      this.#read('keyfile', keyFile),
    ]);
    this.#versions = versions;
    this.#options = {
      rejectUnauthorized: !insecure,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    };
    return this.#options;
  }

  async #read(name: string, path: string | undefined): Promise<Buffer | undefined> {
    if (path === undefined) return undefined;
    try {
      return await readFile(path);
    } catch (cause) {
      throw new CloudConfigurationError(
        `${this.origin}: ${name} ${path} can't be read (${reasonOf(cause)}): correct the path, or let this user read the file`,
        { cause },
      );
    }
  }
}

async function versionOf(path: string | undefined): Promise<string> {
  if (path === undefined) return '';
  // What can't be looked at can't be read either, which says why.
  const status = await stat(path).catch(() => undefined);
  return status === undefined ? 'unreadable' : [status.dev, status.ino, status.size, status.mtimeMs].join(' ');
}
