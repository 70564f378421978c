import { SAMPLE_HOSTS } from './samples/samples-folder.js';

/** Where everything is, once it serves. */
export interface ReadyAddresses {
  /** The router, e.g. `http://127.0.0.1:8080`. */
  readonly http: string;
  /** The router with TLS; undefined where it has none. */
  readonly https?: string;
  /** The Kubernetes API. */
  readonly api: string;
  readonly kubeconfig: string;
  /** Probes, metrics and pages of the controller; undefined where they are off. */
  readonly health?: string;
}

/** Where the cluster is. */
type ClusterAddresses = Pick<ReadyAddresses, 'api' | 'kubeconfig'>;

/** The content of `--ready-file`: one line of JSON; where no controller runs, only where the cluster is. */
export function readyFileText({
  http,
  https,
  api,
  kubeconfig,
  health,
}: ClusterAddresses & Partial<ReadyAddresses>): string {
  return `${JSON.stringify({ http, https, api, kubeconfig, health })}\n`;
}

/** How to run a controller against a playground that has none. Ends with a line end. */
export function clusterText({ api, kubeconfig }: ClusterAddresses): string {
  return [
    '',
    `The cluster is at ${api}; no controller runs. To run one:`,
    ...indented([`OS_KUBERNETES__KUBECONFIG=${quoted(kubeconfig)} npx kuryr-l7 run --config-file kuryr.conf`]),
    '',
    'What it routes:',
    ...indented([`kubectl --kubeconfig ${quoted(kubeconfig)} get ingress,service,pods`]),
    '',
    'This is a playground: it stores objects in memory, its Pods are small HTTP servers, and it ends with Ctrl-C.',
    '',
  ].join('\n');
}

export interface ReadyTextOptions {
  /** Whether the samples were applied: their hosts are what to try. */
  readonly samples: boolean;
  /** Folder of the user's own manifests. */
  readonly manifests?: string;
}

/** What to do now, in commands that work as they are printed. Ends with a line end. */
export function readyText({ http, kubeconfig, api }: ReadyAddresses, { samples, manifests }: ReadyTextOptions): string {
  const kubectl = `kubectl --kubeconfig ${quoted(kubeconfig)}`;
  const requests = samples
    ? [
        ...SAMPLE_HOSTS.map((host) => `curl -H 'Host: ${host}' ${http}/`),
        `curl -i -H 'Host: unknown.example.com' ${http}/   # 404`,
      ]
    : [`curl -H 'Host: HOST' ${http}/`];
  const changes = samples
    ? [
        `${kubectl} get ingress,service,pods`,
        `${kubectl} scale deployment deploy1 --replicas=1`,
        `${kubectl} create ingress yolo --class=kuryr-l7 --rule='yolo.example.com/*=deploy2:80'`,
        `${kubectl} delete ingress ingress-test`,
      ]
    : [
        `${kubectl} create deployment web --image=nginx`,
        `${kubectl} expose deployment web --port=80`,
        `${kubectl} create ingress web --class=kuryr-l7 --rule='web.example.com/*=web:80'`,
        `curl -H 'Host: web.example.com' ${http}/`,
      ];
  return [
    '',
    `The router answers at ${http}`,
    ...indented(requests),
    '',
    `Change what it routes (Kubernetes API: ${api}):`,
    ...indented(changes),
    ...(manifests === undefined ? [] : ['', `Changes of the files in ${manifests} are applied as you save them.`]),
    '',
    'This is a playground: it stores objects in memory, its Pods are small HTTP servers, and it ends with Ctrl-C.',
    '',
  ].join('\n');
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** As one word of a shell. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
