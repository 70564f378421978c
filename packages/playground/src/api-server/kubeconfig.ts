import { stringify } from 'yaml';

export interface KubeconfigEntries {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly user: string;
  readonly token: string;
}

/** The text of a kubeconfig with one cluster, one user and one context. It holds a token: keep it to its owner (mode 0600). */
export function kubeconfigText({ url, ca, user, token }: KubeconfigEntries): string {
  const cluster = 'playground';
  const context = user === 'admin' ? cluster : `${user}@${cluster}`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: cluster, cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: context, context: { cluster, user, namespace: 'default' } }],
    'current-context': context,
  });
}
