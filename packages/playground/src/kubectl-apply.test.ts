import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiServer, startApiServer } from './api-server/index.js';
import { Kubectl } from './kubectl.fixture.js';
import { createSchemaProvider } from './schema/index.js';

const manifest = (changes: { labels?: string; image?: string; replicas?: string; more?: string } = {}) => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {${changes.labels ?? 'app: web, tier: front'}}
spec:
  ${changes.replicas ?? ''}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: ${changes.image ?? 'nginx:1.25'}
        env: [{name: A, value: "1"}${changes.more ?? ', {name: B, value: "2"}'}]
        ports: [{containerPort: 80, name: http}]
`;

const CUSTOM_RESOURCE_DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: routes.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: routes, kind: Route, shortNames: [rt]}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns:
    - {name: Host, type: string, jsonPath: .spec.host}
    - {name: Weight, type: integer, jsonPath: .spec.weight, priority: 1}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            description: What is wanted.
            required: [host]
            properties:
              host: {type: string, pattern: '^[a-z.]+$', description: The host to route.}
              weight: {type: integer, minimum: 1, default: 100}
`;

/** The real kubectl against the embedded API server, as users meet the schemas. */
describe('kubectl', () => {
  let server: ApiServer;
  let kubectl: Kubectl;

  beforeAll(async () => {
    server = await startApiServer({ schema: createSchemaProvider() });
    kubectl = new Kubectl(server.kubeconfig());
  });

  afterAll(async () => {
    await kubectl?.close();
    await server?.close();
  });

  const container = () => kubectl.output('get deployment web -o jsonpath={.spec.template.spec.containers[0]}');

  it('applies a file twice without a change, and removes what the file no longer has', async () => {
    await kubectl.output('delete deployment web --ignore-not-found');
    expect(await kubectl.output('apply -f -', manifest())).toBe('deployment.apps/web created\n');
    expect(await kubectl.output('apply -f -', manifest())).toBe('deployment.apps/web unchanged\n');
    await kubectl.output('set env deployment/web C=3');
    const changed = manifest({ labels: 'app: web', more: '' });
    expect(await kubectl.output('apply -f -', changed)).toBe('deployment.apps/web configured\n');
    expect(await kubectl.output('get deployment web -o jsonpath={.metadata.labels}')).toBe('{"app":"web"}');
    const { env } = JSON.parse(await container()) as { env: { name: string }[] };
    expect(env.map(({ name }) => name)).toEqual(['A', 'C']);
  });

  it('shows with diff what an apply would change, and nothing afterwards', async () => {
    await kubectl.output('apply -f -', manifest());
    const changed = await kubectl.run(['diff', '-f', '-'], manifest({ image: 'nginx:1.26' }));
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/-\s+image: nginx:1\.25\n\+\s+image: nginx:1\.26/);
    expect(await kubectl.run(['diff', '-f', '-'], manifest())).toMatchObject({ code: 0, stdout: '' });
    expect(await container()).toContain('nginx:1.25');
  });

  it('applies on the server, refuses a conflict and takes the field when told to', async () => {
    await kubectl.output('delete deployment web --ignore-not-found');
    await kubectl.output('apply -f -', manifest());
    const mine = manifest({ image: 'nginx:1.26' });
    const apply = 'apply --server-side --field-manager=me -f -';
    expect(await kubectl.failure(apply, mine)).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.template.spec.containers[name="web"].image',
    );
    const forced = await kubectl.output('apply --server-side --field-manager=me --force-conflicts -f -', mine);
    expect(forced).toBe('deployment.apps/web serverside-applied\n');
    expect(await container()).toContain('nginx:1.26');
    expect(await kubectl.output(apply, mine)).toBe('deployment.apps/web serverside-applied\n');
  });

  it('takes back on the server what the manager no longer applies', async () => {
    await kubectl.output('delete deployment web --ignore-not-found');
    const apply = 'apply --server-side -f -';
    await kubectl.output(apply, manifest({ replicas: 'replicas: 3' }));
    expect(await kubectl.output('get deployment web -o jsonpath={.spec.replicas}')).toBe('3');
    await kubectl.output(apply, manifest({ more: '' }));
    expect(await kubectl.output('get deployment web -o jsonpath={.spec.replicas}')).toBe('1');
    expect(await container()).not.toContain('"B"');
  });

  it('explains fields of built-in kinds', async () => {
    const rules = await kubectl.output('explain ingress.spec.rules');
    expect(rules).toMatch(
      /^GROUP: {6}networking\.k8s\.io\nKIND: {7}Ingress\nVERSION: {4}v1\n\nFIELD: rules <\[\]IngressRule>/,
    );
    expect(rules).toContain('rules is a list of host rules used to configure the Ingress');
    expect(rules).toMatch(/host\t<string>\n/);
    expect(await kubectl.output('explain deployment.spec --recursive')).toMatch(/maxSurge\t<IntOrString>/);
    expect(await kubectl.output('explain service.spec.ports')).toMatch(/port\t<integer> -required-/);
  });

  it('refuses an unknown field, warns of it or drops it, as --validate says', async () => {
    const wrong = manifest({ replicas: 'replicass: 2' }).replaceAll('name: web', 'name: wrong');
    expect(await kubectl.failure('create -f -', wrong)).toContain(
      'strict decoding error: unknown field "spec.replicass"',
    );
    const warned = await kubectl.run(['create', '--validate=warn', '-f', '-'], wrong);
    expect(warned).toMatchObject({ code: 0, stderr: 'Warning: unknown field "spec.replicass"\n' });
    await kubectl.output('delete deployment wrong');
    expect(await kubectl.run(['create', '--validate=ignore', '-f', '-'], wrong)).toMatchObject({ code: 0, stderr: '' });
    expect(await kubectl.output('get deployment wrong -o json')).not.toContain('replicass');
    const applied = await kubectl.failure('apply --server-side -f -', wrong);
    expect(applied).toContain('.spec.replicass: field not declared in schema');
  });

  it('tells a wrong JSON type and every invalid field', async () => {
    const service = (port: string) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { ports: [{ port }] } });
    expect(await kubectl.failure('create -f -', service('http'))).toContain(
      'Service in version "v1" cannot be handled as a Service: json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32',
    );
    const path = { path: 'foo', pathType: 'Prefix', backend: {} };
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'wrong' },
      spec: { rules: [{ host: '10.0.0.1', http: { paths: [path] } }] },
    };
    expect(await kubectl.failure('create -f -', JSON.stringify(ingress))).toBe(
      [
        'The Ingress "wrong" is invalid: ',
        '* spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
        '* spec.rules[0].http.paths[0].path: Invalid value: "foo": must be an absolute path',
        '* spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required',
        '',
      ].join('\n'),
    );
  });

  it('edits, patches, labels and restarts', async () => {
    await kubectl.output('delete deployment web --ignore-not-found');
    await kubectl.output('create -f -', manifest());
    const editor = { KUBE_EDITOR: 'sed -i s/nginx:1.25/nginx:1.27/' };
    const edited = await kubectl.run(['edit', 'deployment', 'web'], '', editor);
    expect(edited).toMatchObject({ code: 0, stdout: 'deployment.apps/web edited\n' });
    expect(await container()).toContain('nginx:1.27');
    await kubectl.output('set image deployment/web web=nginx:1.28');
    await kubectl.output('label deployment web tier-');
    await kubectl.output('rollout restart deployment web');
    const patch = '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"nginx:1.29"}]}}}}';
    await kubectl.output(`patch deployment web -p ${patch}`);
    expect(JSON.parse(await container())).toMatchObject({ image: 'nginx:1.29', env: [{ name: 'A' }, { name: 'B' }] });
    const metadata = await kubectl.output('get deployment web -o jsonpath={.metadata.labels}');
    expect(metadata).toBe('{"app":"web"}');
  });

  it('shows columns, more of them with -o wide', async () => {
    await kubectl.output('apply -f -', manifest());
    expect(await kubectl.output('get deployment web')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0\/1 +0 +0 +\d+s\n$/,
    );
    expect(await kubectl.output('get deployment web -o wide')).toMatch(
      /CONTAINERS +IMAGES +SELECTOR\n.* web +nginx:1.25 +app=web\n$/,
    );
    await kubectl.output(
      'create ingress site --class=kuryr --rule=a.example.com/*=web:80,tls=cert --rule=b.example.com/=web:80',
    );
    expect(await kubectl.output('get ingress')).toMatch(
      /^NAME +CLASS +HOSTS +ADDRESS +PORTS +AGE\nsite +kuryr +a.example.com,b.example.com +80, 443 +\d+s\n$/,
    );
    await kubectl.output('create service clusterip web --tcp=80:http');
    expect(await kubectl.output('get service web -o wide')).toMatch(
      /^NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE +SELECTOR\nweb +ClusterIP +\S+ +<none> +80\/TCP +\d+s +app=web\n$/,
    );
  });

  it('knows custom resources by their definition', async () => {
    await kubectl.output('apply -f -', CUSTOM_RESOURCE_DEFINITION);
    await kubectl.output('wait --for=condition=Established crd/routes.example.com --timeout=120s');
    const route = (spec: string) => `apiVersion: example.com/v1\nkind: Route\nmetadata: {name: r}\nspec: ${spec}\n`;
    expect(await kubectl.output('apply -f -', route('{host: a.b}'))).toBe('route.example.com/r created\n');
    expect(await kubectl.output('apply -f -', route('{host: a.b}'))).toBe('route.example.com/r unchanged\n');
    expect(await kubectl.output('get routes -o wide')).toMatch(/^NAME +HOST +WEIGHT\nr +a.b +100\n$/);
    expect(await kubectl.output('explain route.spec')).toMatch(/host\t<string> -required-\n {4}The host to route\./);
    expect(await kubectl.failure('apply -f -', route('{host: A1, weight: 0}'))).toBe(
      [
        'The Route "r" is invalid: ',
        '* spec.host: Invalid value: "A1": spec.host in body should match \'^[a-z.]+$\'',
        '* spec.weight: Invalid value: 0: spec.weight in body should be greater than or equal to 1',
        '',
      ].join('\n'),
    );
    expect(await kubectl.failure('apply -f -', route('{host: a.b, hots: x}'))).toContain('unknown field "spec.hots"');
  });
});
