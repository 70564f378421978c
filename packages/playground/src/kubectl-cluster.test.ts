import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ENDPOINT_SLICES, type EndpointSlice } from './cluster/kinds/endpoints.js';
import { PODS } from './cluster/kinds/pod.js';
import { startTestCluster, type TestCluster, until } from './embedded-cluster.fixture.js';
import { Kubectl } from './kubectl.fixture.js';
import type { EchoAnswer } from './node/echo.js';

/** What a person does with kubectl, as in the seed documents, and what it does on a cluster. */
describe('the real kubectl', () => {
  let cluster: TestCluster;
  let kubectl: Kubectl;
  let namespace: string;
  let count = 0;

  beforeAll(async () => {
    cluster = await startTestCluster();
    kubectl = new Kubectl(cluster.api.kubeconfig());
  });
  afterAll(async () => {
    await kubectl.close();
    await cluster.close();
    expect(cluster.problems).toEqual([]);
  });
  beforeEach(async () => {
    count += 1;
    namespace = `test-${count}`;
    await kubectl.output(`create namespace ${namespace}`);
  });

  const k = (command: string, input?: string) => kubectl.output(`-n ${namespace} ${command}`, input);
  const deployed = async (name: string, replicas: number) => {
    await k(`create deployment ${name} --image=nginx --replicas=${replicas}`);
    expect(await k(`rollout status deployment/${name} --timeout=120s`)).toContain('successfully rolled out');
  };
  const podNames = async () => (await k('get pods -o name')).split('\n').filter((name) => name !== '');
  /** The addresses of a Service's ready endpoints, as a router finds them. */
  const urlsOf = async (service: string, expected: number): Promise<readonly string[]> => {
    const isReady = ({ endpoints = [] }: EndpointSlice) =>
      endpoints.filter(({ conditions }) => conditions?.ready === true);
    const slices = await until(cluster.client, ENDPOINT_SLICES, (all) => all.flatMap(isReady).length === expected, {
      namespace,
      labelSelector: `kubernetes.io/service-name=${service}`,
    });
    return slices.flatMap((slice) =>
      isReady(slice).flatMap(({ addresses }) =>
        (slice.ports ?? []).map(({ port }) => `http://${addresses[0]}:${port}/`),
      ),
    );
  };
  const answersOf = (urls: readonly string[]) =>
    Promise.all(urls.map(async (url) => (await (await fetch(url)).json()) as EchoAnswer));

  it('creates a Deployment, shows it, and exposes it on another port than its Pods listen on', async () => {
    await deployed('deploy1', 3);
    expect(await k('get deployment deploy1')).toMatch(/deploy1\s+3\/3\s+3\s+3/);
    expect(await k('get pods')).toMatch(/deploy1-[a-z0-9]+-[a-z0-9]{5}\s+1\/1\s+Running\s+0/);
    expect(await k('expose deployment deploy1 --port=5000 --target-port=80 --type=ClusterIP')).toContain('exposed');
    expect(await k('get service deploy1')).toMatch(/deploy1\s+ClusterIP\s+10\.96\.\d+\.\d+\s+<none>\s+5000\/TCP/);
    const answers = await answersOf(await urlsOf('deploy1', 3));
    const pods = answers.map(({ pod }) => `pod/${pod}`);
    expect(pods.toSorted()).toEqual((await podNames()).toSorted());
    expect(answers[0]).toMatchObject({ namespace, service: 'deploy1' });
    expect(await k('get endpoints deploy1')).toMatch(/deploy1\s+(127\.\d+\.\d+\.\d+:80,?){3}/);
    expect(await k('get endpointslices')).toMatch(/deploy1-[a-z0-9]{5}\s+IPv4\s+80\s+127/);
    expect(await k('describe service deploy1')).toMatch(/Endpoints:\s+127/);
  });

  it('exposes a NodePort and a LoadBalancer', async () => {
    await deployed('deploy2', 1);
    await k('expose deployment deploy2 --port=80 --type=NodePort');
    expect(await k('get service deploy2')).toMatch(/deploy2\s+NodePort\s+10\.96\.\d+\.\d+\s+<none>\s+80:3\d{4}\/TCP/);
    await k('expose deployment deploy2 --port=80 --type=LoadBalancer --name=balanced');
    expect(await k('get service balanced')).toMatch(
      /balanced\s+LoadBalancer\s+10\.96\.\d+\.\d+\s+<pending>\s+80:3\d{4}\/TCP/,
    );
    await k('patch service deploy2 -p {"spec":{"type":"ClusterIP"}}');
    expect(await k('get service deploy2')).toMatch(/deploy2\s+ClusterIP\s+10\.96\.\d+\.\d+\s+<none>\s+80\/TCP/);
  });

  it('exposes a port by the name that the container gives it', async () => {
    await k('create deployment named --image=nginx --port=8080');
    await k(
      'patch deployment named --type=json -p [{"op":"add","path":"/spec/template/spec/containers/0/ports/0/name","value":"web"}]',
    );
    await k('rollout status deployment/named --timeout=120s');
    await k('expose deployment named --port=80 --target-port=web');
    const [url = ''] = await urlsOf('named', 1);
    expect(new URL(url).port).toBe('8080');
    expect((await answersOf([url]))[0]?.service).toBe('named');
  });

  it('scales to nothing and up again', async () => {
    await deployed('scaled', 2);
    await k('expose deployment scaled --port=80');
    const before = await urlsOf('scaled', 2);
    await k('scale --replicas=0 deployment/scaled');
    await urlsOf('scaled', 0);
    await until(cluster.client, PODS, (pods) => pods.length === 0, { namespace });
    expect(await k('get deployment scaled')).toMatch(/scaled\s+0\/0/);
    await expect(fetch(before[0] ?? '')).rejects.toThrow('fetch failed');
    await k('scale --replicas=4 deployment/scaled');
    expect(new Set((await answersOf(await urlsOf('scaled', 4))).map(({ pod }) => pod)).size).toBe(4);
  });

  it('rolls out: restart, status, history, undo, a new image, pause and resume', async () => {
    await deployed('rolled', 2);
    const first = await podNames();
    await k('rollout restart deployment/rolled');
    expect(await k('rollout status deployment/rolled --timeout=120s')).toContain('successfully rolled out');
    await until(cluster.client, PODS, (pods) => pods.length === 2, { namespace });
    expect((await podNames()).filter((name) => first.includes(name))).toEqual([]);
    await k('set image deployment/rolled nginx=nginx:1.27');
    await k('rollout status deployment/rolled --timeout=120s');
    expect(await k('rollout history deployment/rolled')).toMatch(/1\s+<none>\n2\s+<none>\n3\s+<none>/);
    await k('rollout undo deployment/rolled');
    await k('rollout status deployment/rolled --timeout=120s');
    expect(await k('get deployment rolled -o jsonpath={.spec.template.spec.containers[0].image}')).toBe('nginx');
    expect(await k('rollout history deployment/rolled')).toMatch(/1\s+<none>\n3\s+<none>\n4\s+<none>/);
    await k('rollout undo deployment/rolled --to-revision=3');
    await k('rollout status deployment/rolled --timeout=120s');
    expect(await k('get deployment rolled -o jsonpath={.spec.template.spec.containers[0].image}')).toBe('nginx:1.27');
    await k('rollout pause deployment/rolled');
    await k('set image deployment/rolled nginx=nginx:1.28');
    expect((await k('get replicasets -o name')).trim().split('\n')).toHaveLength(3);
    await k('rollout resume deployment/rolled');
    await k('rollout status deployment/rolled --timeout=120s');
    expect((await k('get replicasets -o name')).trim().split('\n')).toHaveLength(4);
  });

  it('deletes a Deployment with its Pods, or leaves them as orphans', async () => {
    await deployed('gone', 2);
    await k('delete deployment gone');
    await until(cluster.client, PODS, (pods) => pods.length === 0, { namespace });
    expect(await k('get replicasets -o name')).toBe('');
    await deployed('left', 1);
    await k('delete deployment left --cascade=orphan');
    expect(await podNames()).toHaveLength(1);
    await k('delete replicasets --all --cascade=foreground');
    expect(await podNames()).toEqual([]);
  });

  it('waits until a deleted Pod is gone, and finds another in its place', async () => {
    await deployed('healed', 1);
    const [pod = ''] = await podNames();
    expect(await k(`delete ${pod}`)).toContain('deleted');
    await k('wait --for=condition=Available deployment/healed --timeout=120s');
    expect(await podNames()).not.toContain(pod);
    const [next = ''] = await podNames();
    expect(await k(`delete ${next} --now`)).toContain('deleted');
    expect(await k('delete service,deployment --all')).toContain('deleted');
  });

  it('runs a Pod, waits for it, exposes it and reads its log', async () => {
    await k('run echo --image=whatever --port=8080 --expose --env=INGRESS_NAME=mine');
    await k('wait --for=condition=Ready pod/echo --timeout=120s');
    const [url = ''] = await urlsOf('echo', 1);
    const answer = await fetch(`${url}hello`);
    expect(await answer.json()).toMatchObject({ path: '/hello', pod: 'echo', service: 'echo', ingress: 'mine' });
    expect(await k('logs echo')).toMatch(/^Echoing back request made to \/hello to client \(127\.0\.0\.1:\d+\)\n$/);
    const follow = kubectl.start(`-n ${namespace} logs echo -f`);
    await follow.waitFor(/\/hello/);
    await fetch(`${url}again`);
    await follow.waitFor(/\/again/);
    await follow.stop();
  });

  it('makes Endpoints by hand for a Service without a selector, which slices mirror', async () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: my-service}\nspec: {ports: [{protocol: TCP, port: 443, targetPort: 443}]}\n';
    const endpoints =
      'apiVersion: v1\nkind: Endpoints\nmetadata: {name: my-service}\n' +
      'subsets: [{addresses: [{ip: 216.58.207.131}, {ip: 140.82.118.4}], ports: [{port: 443}]}]\n';
    await k('apply -f -', service);
    await k('apply -f -', endpoints);
    expect(await k('get endpoints my-service')).toMatch(/my-service\s+216\.58\.207\.131:443,140\.82\.118\.4:443/);
    expect(await urlsOf('my-service', 2)).toHaveLength(2);
    expect(await k('describe service my-service')).toMatch(/Endpoints:\s+\S*140\.82\.118\.4:443/);
    await k(
      'apply -f -',
      'apiVersion: v1\nkind: Service\nmetadata: {name: my-ext-svc}\nspec: {type: ExternalName, externalName: www.mozilla.org}\n',
    );
    expect(await k('get service my-ext-svc')).toMatch(
      /my-ext-svc\s+ExternalName\s+<none>\s+www\.mozilla\.org\s+<none>/,
    );
  });

  it('deletes a Namespace with all that is in it', async () => {
    await deployed('inside', 2);
    await k('expose deployment inside --port=80');
    await kubectl.output(`delete namespace ${namespace}`);
    expect(await kubectl.failure(`get namespace ${namespace}`)).toContain('not found');
    expect(cluster.client.list(PODS, { namespace }).items).toEqual([]);
  });

  it('shows the node and the Service of the API', async () => {
    expect(await k('get nodes')).toMatch(/playground-node\s+Ready/);
    expect(await kubectl.output('get service kubernetes')).toMatch(
      /kubernetes\s+ClusterIP\s+10\.96\.0\.1\s+<none>\s+443\/TCP/,
    );
    await deployed('wide', 1);
    expect(await k('get pods -o wide')).toMatch(/127\.\d+\.\d+\.\d+\s+playground-node/);
    expect(await k('get all')).toContain('replicaset.apps/wide-');
    expect(await k('describe deployment wide')).toContain(
      '1 desired | 1 updated | 1 total | 1 available | 0 unavailable',
    );
  });

  it('is told what is stored and then does nothing', async () => {
    const run = (args: readonly string[], input?: string) => kubectl.run(['-n', namespace, ...args], input);
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'a' }] } };
    const spec = { selector: { matchLabels: { a: 'b' } }, serviceName: 'db', template };
    const set = JSON.stringify({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec });
    const warning = 'Warning: the playground runs no StatefulSets; use a Deployment\n';
    expect((await run(['create', '-f', '-'], set)).stderr).toBe(warning);
    expect((await run(['apply', '--server-side', '--force-conflicts', '-f', '-'], set)).stderr).toBe(warning);
    const status = kubectl.start(`-n ${namespace} rollout status statefulset/db`);
    await status.waitFor(/Waiting for statefulset spec update to be observed/);
    await status.stop();
    expect((await run('create job once --image=a'.split(' '))).stderr).toContain('runs no Jobs');
    expect((await run('create deployment quiet --image=a'.split(' '))).stderr).toBe('');
  });
});
