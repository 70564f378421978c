/** Renders the templates of `etc/` and makes the keys that the services expect to find. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { IN_TREE, logFile, SOURCE, STATE } from './folders.js';
import { endpointsOf, portsOf, type Settings } from './settings.js';
import { inTree } from './tree.js';

/** Replaces every `@name@`. @throws {Error} for a name that has no value. */
export function render(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@([a-zA-Z]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A configuration template names @${name}@, which has no value.`);
    return value;
  });
}

export function valuesOf(settings: Settings): Record<string, string> {
  const named = (suffix: string, values: Readonly<Record<string, string | number>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}${suffix}`, `${value}`]));
  return { password: settings.password, ...named('Port', portsOf(settings)), ...named('Url', endpointsOf(settings)) };
}

/** Where barbican-wsgi-api, which takes no option, looks: `~/.barbican/barbican.conf`. */
const ELSEWHERE: Readonly<Record<string, string>> = { 'barbican.conf': 'home/.barbican/barbican.conf' };

export async function writeConfiguration(settings: Settings): Promise<void> {
  for (const folder of ['etc', 'home/.barbican', 'neutron/lock', 'octavia/ca', 'rabbitmq/home', 'haproxy', 'certs']) {
    mkdirSync(join(STATE, folder), { recursive: true });
  }
  const values = valuesOf(settings);
  for (const name of readdirSync(join(SOURCE, 'etc'))) {
    const text = render(readFileSync(join(SOURCE, 'etc', name), 'utf8'), values);
    writeFileSync(join(STATE, ELSEWHERE[name] ?? join('etc', name)), text);
  }
  writeFileSync(join(STATE, 'etc/enabled_plugins'), '[].\n');
  for (const folder of ['keystone/fernet-keys', 'keystone/credential-keys']) writeFernetKeys(join(STATE, folder));
  await ensureAuthority(settings);
}

/** What `keystone-manage fernet_setup` makes: key 0 staged, key 1 primary. */
function writeFernetKeys(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ['0', '1'].filter((name) => !existsSync(join(folder, name)))) {
    const key = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    writeFileSync(join(folder, name), key, { mode: 0o600 });
  }
}

/** The authority that signs the certificates of Octavia's amphorae. */
async function ensureAuthority({ password }: Settings): Promise<void> {
  if (existsSync(join(STATE, 'octavia/ca/ca_01.pem'))) return;
  const folder = `${IN_TREE.state}/octavia/ca`;
  const request = ['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-days', '3650', '-subj', '/CN=bed'];
  const output = ['-passout', 'env:PASSWORD', '-keyout', `${folder}/cakey.pem`, '-out', `${folder}/ca_01.pem`];
  await runCommand(inTree([...request, ...output], { PASSWORD: password }), {
    log: logFile('openssl'),
    timeoutSeconds: 60,
  });
}
