import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiServer, startApiServer } from './api-server/index.js';
import { Kubectl } from './kubectl.fixture.js';
import { createSchemaProvider } from './schema/index.js';

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
  - host: www.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
`;

const CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wi]}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer, description: How big it is.}}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
`;

const WIDGET = JSON.stringify({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'one' },
  spec: { size: 3 },
});

/** The real kubectl against the API alone: no controller acts on what is created. */
describe('kubectl', () => {
  let server: ApiServer;
  let kubectl: Kubectl;

  beforeAll(async () => {
    server = await startApiServer({
      schema: createSchemaProvider(),
      podLog: async function* (pod, { tailLines = 2 }) {
        yield* [`first line of ${pod.metadata.name}\n`, `last line of ${pod.metadata.name}\n`].slice(-tailLines);
      },
    });
    kubectl = new Kubectl(server.kubeconfig());
  });

  afterAll(async () => {
    await kubectl.close();
    await server.close();
  });

  it('reports the version, the resources and their groups', async () => {
    expect(await kubectl.output('version')).toMatch(/Server Version: v1\.34/);
    const resources = await kubectl.output('api-resources');
    expect(resources).toMatch(/^ingresses +ing +networking.k8s.io\/v1 +true +Ingress$/m);
    expect(resources).toMatch(/^services +svc +v1 +true +Service$/m);
    expect(await kubectl.output('api-versions')).toMatch(/^discovery.k8s.io\/v1$/m);
    expect(await kubectl.output('cluster-info')).toContain(server.url);
    expect(await kubectl.output('get --raw /readyz')).toBe('ok');
  });

  it('is told that it may do everything', async () => {
    expect(await kubectl.output('auth can-i create pods')).toBe('yes\n');
    expect(await kubectl.output('auth can-i --list')).toMatch(/\*\.\*/);
    expect(await kubectl.output('auth whoami')).toMatch(/Username +admin/);
  });

  it('creates what it sends as protobuf', async () => {
    await kubectl.output('create namespace typed');
    const created = await Promise.all(
      [
        'configmap one --from-literal=key=value',
        'secret generic one --from-literal=key=value',
        'service clusterip one --tcp=80:8080',
        'deployment one --image=nginx --replicas=0 --port=80',
        'ingress one --rule=www.example.com/*=one:80,tls=cert',
        'job one --image=busybox -- sleep 1',
        'serviceaccount one',
        'role one --verb=get --resource=pods',
        'rolebinding one --role=one --user=me',
        'quota one --hard=pods=1',
        'poddisruptionbudget one --selector=a=b --min-available=1',
      ].map((what) => kubectl.output(`create -n typed ${what}`)),
    );
    expect(created.join('')).toMatch(/^deployment.apps\/one created$/m);
    const { spec } = JSON.parse(await kubectl.output('get deployment one -n typed -o json'));
    expect(spec).toMatchObject({
      replicas: 0,
      template: { spec: { containers: [{ image: 'nginx', ports: [{ containerPort: 80 }] }] } },
    });
    const ingress = JSON.parse(await kubectl.output('get ingress one -n typed -o json'));
    expect(ingress.spec).toMatchObject({
      tls: [{ hosts: ['www.example.com'], secretName: 'cert' }],
      rules: [{ host: 'www.example.com', http: { paths: [{ path: '/', pathType: 'Prefix' }] } }],
    });
    const secret = await kubectl.output('get secret one -n typed -o jsonpath={.data.key}');
    expect(Buffer.from(secret, 'base64').toString()).toBe('value');
  });

  it('gets objects as a table, wide, as YAML and by jsonpath', async () => {
    await kubectl.output('create configmap shown --from-literal=key=value');
    expect(await kubectl.output('get configmap shown')).toMatch(/^NAME +DATA +AGE\nshown +1 +\d+s\n$/);
    expect(await kubectl.output('get configmap -o wide --show-labels')).toMatch(/^shown +1 +\d+s +<none>$/m);
    expect(await kubectl.output('get configmap shown -o yaml')).toMatch(/^data:\n {2}key: value\n/m);
    expect(await kubectl.output('get configmap shown -o jsonpath={.data.key}')).toBe('value');
    expect(await kubectl.output('get configmap -A -o name --field-selector metadata.name=shown')).toBe(
      'configmap/shown\n',
    );
    expect(await kubectl.failure('get configmap nope')).toBe(
      'Error from server (NotFound): configmaps "nope" not found\n',
    );
    expect(await kubectl.failure('get nonsense')).toMatch(/the server doesn't have a resource type "nonsense"/);
  });

  it('labels, annotates and selects', async () => {
    await kubectl.output('create configmap marked');
    await kubectl.output('label configmap marked app=web tier=front');
    await kubectl.output('annotate configmap marked note=x');
    expect(await kubectl.output('get configmap -l app=web,tier!=back -o name')).toBe('configmap/marked\n');
    const { stdout } = await kubectl.run(['get', 'configmap', '-l', 'app in (web, api), !old', '-o', 'name']);
    expect(stdout).toBe('configmap/marked\n');
    await kubectl.output('label configmap marked app-');
    expect(await kubectl.output('get configmap -l app=web -o name')).toBe('');
    expect(await kubectl.failure('label configmap marked tier=back')).toMatch(/already has a value \(front\)/);
  });

  it('patches in all three ways', async () => {
    await kubectl.output('create deployment patched --image=nginx');
    const patch = (type: string, text: string) =>
      kubectl.run(['patch', 'deployment', 'patched', `--type=${type}`, '-p', text]);
    const strategic = { spec: { template: { spec: { containers: [{ name: 'nginx', image: 'nginx:2' }] } } } };
    expect(await patch('strategic', JSON.stringify(strategic))).toMatchObject({ code: 0 });
    expect(await patch('merge', '{"spec":{"paused":true}}')).toMatchObject({ code: 0 });
    expect(await patch('json', '[{"op":"replace","path":"/spec/replicas","value":4}]')).toMatchObject({ code: 0 });
    const { spec } = JSON.parse(await kubectl.output('get deployment patched -o json'));
    expect(spec).toMatchObject({
      replicas: 4,
      paused: true,
      template: { spec: { containers: [{ image: 'nginx:2' }] } },
    });
    expect((await patch('json', '[{"op":"test","path":"/spec/replicas","value":5}]')).stderr).toMatch(
      /the server rejected our request/,
    );
  });

  it('replaces, and is told of conflicts', async () => {
    await kubectl.output('create configmap replaced --from-literal=key=1');
    const first = await kubectl.output('get configmap replaced -o json');
    await kubectl.output('replace -f -', first.replace('"key": "1"', '"key": "2"'));
    expect(await kubectl.failure('replace -f -', first)).toMatch(
      /Error from server \(Conflict\): .*the object has been modified; please apply your changes to the latest version/,
    );
    await kubectl.output('replace --force -f -', first.replace(/"resourceVersion": "\d+"/, '"resourceVersion": ""'));
    expect(await kubectl.output('get configmap replaced -o jsonpath={.data.key}')).toBe('1');
  });

  it('scales', async () => {
    await kubectl.output('create deployment scaled --image=nginx');
    await kubectl.output('scale deployment scaled --replicas=3');
    expect(await kubectl.output('get deployment scaled -o jsonpath={.spec.replicas}')).toBe('3');
    expect(
      await kubectl.output(
        'get deployment scaled -o jsonpath={.metadata.managedFields[*].manager} --show-managed-fields',
      ),
    ).not.toContain('unknown');
    expect(await kubectl.failure('scale deployment scaled --replicas=5 --current-replicas=1')).toMatch(
      /expected replicas to be 1/i,
    );
  });

  it('watches and waits', async () => {
    const watch = kubectl.start('get configmap -w --output-watch-events --field-selector metadata.name=watched');
    const wait = kubectl.start('wait --for=create configmap/watched --timeout=120s');
    await kubectl.output('create configmap watched');
    await watch.waitFor(/ADDED +watched/);
    await wait.waitFor(/condition met/);
    const labelled = kubectl.start('wait --for=jsonpath={.metadata.labels.app}=web configmap/watched --timeout=120s');
    await kubectl.output('label configmap watched app=web');
    await watch.waitFor(/MODIFIED +watched/);
    await labelled.waitFor(/condition met/);
    await kubectl.output('delete configmap watched');
    await watch.waitFor(/DELETED +watched/);
    await watch.stop();
  });

  it('deletes and waits until the finalizers let go', async () => {
    await kubectl.output('create configmap held');
    await kubectl.run([
      'patch',
      'configmap',
      'held',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":["example.com/hold"]}}',
    ]);
    expect(await kubectl.failure('delete configmap held --timeout=1s')).toMatch(/timed out waiting/);
    const deletion = kubectl.start('delete configmap held --timeout=120s');
    await deletion.waitFor(/configmap "held" deleted/);
    await kubectl.run(['patch', 'configmap', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    expect(await deletion.exited).toBe(0);
    expect(await kubectl.failure('delete configmap held')).toMatch(/not found/);
    expect(await kubectl.output('delete configmap held --ignore-not-found')).toBe('');
  });

  it('applies from the client side', async () => {
    expect(await kubectl.output('apply -f -', INGRESS)).toBe('ingress.networking.k8s.io/web created\n');
    expect(await kubectl.output('apply -f -', INGRESS)).toBe('ingress.networking.k8s.io/web unchanged\n');
    expect((await kubectl.run(['diff', '-f', '-'], INGRESS)).code).toBe(0);
    const changed = INGRESS.replace('number: 80', 'number: 8080');
    expect((await kubectl.run(['diff', '-f', '-'], changed)).stdout).toMatch(/\+ +number: 8080/);
    expect(await kubectl.output('apply -f -', changed)).toBe('ingress.networking.k8s.io/web configured\n');
    expect(await kubectl.output('get ingress web')).toMatch(/^web +<none> +www.example.com +80 +\d+s$/m);
    expect(await kubectl.output('describe ingress web')).toMatch(/www\.example\.com/);
    expect(await kubectl.output('delete -f -', INGRESS)).toMatch(/deleted/);
  });

  it('applies from the server side, with conflicts', async () => {
    const manifest = INGRESS.replace('name: web\n', 'name: served\n');
    expect(await kubectl.output('apply --server-side -f -', manifest)).toMatch(/serverside-applied/);
    const other = manifest.replace('www.example.com', 'other.example.com');
    const apply = 'apply --server-side --field-manager=other';
    expect(await kubectl.failure(`${apply} -f -`, other)).toMatch(/conflict with "kubectl"/);
    await kubectl.output(`${apply} --force-conflicts -f -`, other);
    expect(await kubectl.output('get ingress served -o jsonpath={.spec.rules[*].host}')).toBe('other.example.com');
  });

  it('applies a List, and is told of unknown kinds and fields', async () => {
    const item = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'listed' } };
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item] });
    expect(await kubectl.output('apply -f -', list)).toBe('configmap/listed created\n');
    expect(await kubectl.failure('apply -f -', INGRESS.replace('kind: Ingress', 'kind: Egress'))).toMatch(
      /no matches for kind "Egress" in version "networking.k8s.io\/v1"/,
    );
    expect(await kubectl.failure('create -f -', INGRESS.replace('- host:', '- hots:'))).toMatch(
      /strict decoding error: unknown field "spec.rules\[0\].hots"/,
    );
    const relaxed = await kubectl.run(
      ['create', '--validate=warn', '--dry-run=server', '-f', '-'],
      INGRESS.replace('- host:', '- hots:'),
    );
    expect(relaxed).toMatchObject({ code: 0, stderr: expect.stringContaining('Warning: unknown field') });
  });

  it('is told which fields are wrong', async () => {
    const failure = await kubectl.failure('create -f -', INGRESS.replace('www.example.com', 'not_a_host'));
    expect(failure).toMatch(/The Ingress "web" is invalid: spec.rules\[0\].host: Invalid value: "not_a_host"/);
  });

  it('explains', async () => {
    const explained = await kubectl.output('explain ingress.spec.rules.http.paths');
    expect(explained).toMatch(/GROUP: +networking.k8s.io/);
    expect(explained).toMatch(/pathType\t<string> -required-/);
    expect(await kubectl.output('explain deployment --recursive')).toMatch(/maxSurge\t<IntOrString>/);
  });

  it('works with custom resources as soon as they are defined', async () => {
    await kubectl.output('apply -f -', CRD);
    await kubectl.output('wait --for=condition=Established crd/widgets.example.com --timeout=120s');
    await kubectl.output('apply -f -', WIDGET);
    expect(await kubectl.output('get wi')).toMatch(/^NAME +SIZE\none +3\n$/);
    expect(await kubectl.output('explain widget.spec.size')).toMatch(/How big it is\./);
    await kubectl.output('delete crd widgets.example.com');
    expect(await kubectl.failure('get widgets')).toMatch(
      /could not find the requested resource|doesn't have a resource type/,
    );
  });

  it('reads the log of a Pod', async () => {
    await kubectl.output('run logged --image=nginx');
    expect(await kubectl.output('logs logged')).toBe('first line of logged\nlast line of logged\n');
    expect(await kubectl.output('logs logged --tail=1')).toBe('last line of logged\n');
    expect(await kubectl.output('delete pod logged')).toMatch(/deleted/);
  });

  it('lists in pages', async () => {
    await kubectl.output('create namespace paged');
    const names = Array.from({ length: 7 }, (_, index) => `page-${index}`);
    for (const name of names)
      server.client.create({ group: '', version: 'v1', plural: 'configmaps' }, 'paged', { metadata: { name } });
    const listed = await kubectl.output('get configmap -n paged --chunk-size=3 -o name');
    expect(listed.trim().split('\n')).toEqual(names.map((name) => `configmap/${name}`));
  });
});
