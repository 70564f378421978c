import { describe, expect, it } from '@jest/globals';
import type { PrinterColumn, ResourceDefinition } from '../../api-server/resource-definition.js';
import { BUILT_IN_RESOURCES } from '../../api-server/resources.js';
import type { JsonObject, JsonValue } from '../json.js';
import { age, humanDuration } from './age.js';
import { tableCells, tableColumns } from './index.js';
import { evaluateJsonPath } from './json-path.js';

const CREATED = '2026-01-01T00:00:00Z';
const NOW = Date.parse(CREATED) + 90_000;
const METADATA = { name: 'x', creationTimestamp: CREATED };

function definition(kind: string, group?: string): ResourceDefinition {
  const found = BUILT_IN_RESOURCES.find((each) => each.kind === kind && (group === undefined || each.group === group));
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

/** Cells by the name of their column. */
function row(resource: ResourceDefinition, object: JsonObject): Record<string, unknown> {
  const cells = tableCells(resource, { apiVersion: '', kind: '', metadata: METADATA, ...object }, NOW);
  return Object.fromEntries(tableColumns(resource).map((column, index) => [column.name, cells[index]]));
}

describe('ages', () => {
  const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
  it.each<[number, string]>([
    [-5 * SECOND, '<invalid>'],
    [-1, '0s'],
    [119 * SECOND, '119s'],
    [2 * MINUTE, '2m'],
    [9 * MINUTE + 5 * SECOND, '9m5s'],
    [179 * MINUTE, '179m'],
    [3 * HOUR + 4 * MINUTE, '3h4m'],
    [47 * HOUR, '47h'],
    [2 * DAY + 3 * HOUR, '2d3h'],
    [8 * DAY + 3 * HOUR, '8d'],
    [730 * DAY, '2y'],
    [3000 * DAY, '8y'],
  ])('%d ms are %s', (milliseconds, shown) => {
    expect(humanDuration(milliseconds)).toBe(shown);
  });

  it('are unknown without a time', () => {
    expect(age(undefined, NOW)).toBe('<unknown>');
  });
});

describe('tables', () => {
  it.each<[string, string, string[], string[]]>([
    ['Ingress', '', ['Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'], []],
    ['Service', '', ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age'], ['Selector']],
    ['Deployment', '', ['Name', 'Ready', 'Up-to-date', 'Available', 'Age'], ['Containers', 'Images', 'Selector']],
    ['ReplicaSet', '', ['Name', 'Desired', 'Current', 'Ready', 'Age'], ['Containers', 'Images', 'Selector']],
    ['Pod', '', ['Name', 'Ready', 'Status', 'Restarts', 'Age'], ['IP', 'Node', 'Nominated Node', 'Readiness Gates']],
    [
      'Event',
      '',
      ['Last Seen', 'Type', 'Reason', 'Object', 'Message'],
      ['Subobject', 'Source', 'First Seen', 'Count', 'Name'],
    ],
    ['IngressClass', '', ['Name', 'Controller', 'Parameters', 'Age'], []],
    ['Lease', '', ['Name', 'Holder', 'Age'], []],
    ['PriorityClass', '', ['Name', 'Age'], []],
  ])('of %s have the columns of the real server', (kind, _, narrow, wide) => {
    const columns = tableColumns(definition(kind));
    expect(columns.filter((column) => column.priority === 0).map((column) => column.name)).toEqual(narrow);
    expect(columns.filter((column) => column.priority === 1).map((column) => column.name)).toEqual(wide);
  });

  it('show an Ingress', () => {
    const rules = ['a', 'b', 'c', 'd'].map((host) => ({ host }));
    const status = { loadBalancer: { ingress: [{ ip: '10.0.0.2' }, { hostname: 'lb.example.com' }] } };
    expect(row(definition('Ingress'), { spec: { ingressClassName: 'k', rules, tls: [{}] }, status })).toEqual({
      Name: 'x',
      Class: 'k',
      Hosts: 'a,b,c + 1 more...',
      Address: '10.0.0.2,lb.example.com',
      Ports: '80, 443',
      Age: '90s',
    });
    expect(row(definition('Ingress'), { spec: { defaultBackend: {} } })).toMatchObject({
      Class: '<none>',
      Hosts: '*',
      Ports: '80',
      Address: '',
    });
  });

  it.each<[JsonObject, JsonObject]>([
    [
      {
        type: 'ClusterIP',
        clusterIP: '10.0.0.1',
        ports: [{ port: 80, protocol: 'TCP' }],
        selector: { b: 'c', a: 'b' },
      },
      { 'Cluster-IP': '10.0.0.1', 'External-IP': '<none>', 'Port(s)': '80/TCP', Selector: 'a=b,b=c' },
    ],
    [
      { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] },
      { 'Cluster-IP': '<none>', 'Port(s)': '80:30080/TCP', Selector: '<none>' },
    ],
    [
      { type: 'LoadBalancer', ports: [] },
      { 'External-IP': '<pending>', 'Port(s)': '<none>' },
    ],
    [{ type: 'ExternalName', externalName: 'example.com' }, { 'External-IP': 'example.com' }],
  ])('show the Service %j', (spec, cells) => {
    expect(row(definition('Service'), { spec })).toMatchObject(cells);
  });

  it.each<[string, JsonObject, string]>([
    ['running', { phase: 'Running' }, 'Running'],
    [
      'without an image',
      { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] },
      'ImagePullBackOff',
    ],
    ['that failed', { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] }, 'ExitCode:3'],
    ['that begins', { phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] }, 'Init:0/1'],
    ['evicted', { phase: 'Failed', reason: 'Evicted' }, 'Evicted'],
  ])('show a Pod %s', (_, status, shown) => {
    const spec = { containers: [{}, {}], initContainers: [{}] };
    expect(row(definition('Pod'), { spec, status })).toMatchObject({
      Status: shown,
      Ready: '0/2',
      Restarts: '0',
      Node: '<none>',
    });
  });

  it('show how often and when a Pod was restarted, and that it goes', () => {
    const state = { restartCount: 3, ready: true, lastState: { terminated: { finishedAt: '2026-01-01T00:01:00Z' } } };
    const metadata = { ...METADATA, deletionTimestamp: CREATED };
    const pod = { metadata, spec: { containers: [{}] }, status: { phase: 'Running', containerStatuses: [state] } };
    expect(row(definition('Pod'), pod)).toMatchObject({ Ready: '1/1', Status: 'Terminating', Restarts: '3 (30s ago)' });
  });

  it('show workloads, endpoints and nodes', () => {
    const template = {
      spec: {
        containers: [
          { name: 'a', image: 'i' },
          { name: 'b', image: 'j' },
        ],
      },
    };
    const selector = { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'In', values: ['d', 'e'] }] };
    expect(
      row(definition('Deployment'), { spec: { replicas: 3, template, selector }, status: { readyReplicas: 2 } }),
    ).toMatchObject({
      Ready: '2/3',
      'Up-to-date': 0,
      Containers: 'a,b',
      Images: 'i,j',
      Selector: 'a=b,c in (d,e)',
    });
    const subset = { addresses: [{ ip: '127.0.0.1' }, { ip: '::1' }], ports: [{ port: 80 }, { port: 81 }] };
    expect(row(definition('Endpoints'), { subsets: [subset] }).Endpoints).toBe(
      '127.0.0.1:80,[::1]:80,127.0.0.1:81 + 1 more...',
    );
    expect(row(definition('EndpointSlice'), { addressType: 'IPv4' })).toMatchObject({
      Ports: '<unset>',
      Endpoints: '<unset>',
    });
    const node = { spec: { unschedulable: true }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
    expect(row(definition('Node'), node)).toMatchObject({
      Status: 'Ready,SchedulingDisabled',
      Roles: '<none>',
      Version: '<unknown>',
    });
  });

  it('show Events of both versions alike', () => {
    const core = {
      involvedObject: { kind: 'Pod', name: 'p' },
      lastTimestamp: CREATED,
      count: 2,
      message: 'm\n',
      type: 'Normal',
    };
    const events = {
      regarding: { kind: 'Pod', name: 'p' },
      deprecatedLastTimestamp: CREATED,
      deprecatedCount: 2,
      note: 'm\n',
      type: 'Normal',
    };
    const shown = { 'Last Seen': '90s', Object: 'pod/p', Message: 'm', Count: '2', Type: 'Normal' };
    expect(row(definition('Event', ''), core)).toMatchObject(shown);
    expect(row(definition('Event', 'events.k8s.io'), events)).toMatchObject(shown);
  });

  it('show custom resources by their printer columns, or name and age', () => {
    const columns: PrinterColumn[] = [
      { name: 'Host', type: 'string', jsonPath: '.spec.host' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status', priority: 1 },
      { name: 'Since', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      { name: 'Weight', type: 'integer', jsonPath: '.spec.weight' },
    ];
    const custom = (printerColumns: PrinterColumn[]) => ({ ...definition('Ingress'), custom: { printerColumns } });
    const conditions = [
      { type: 'Other', status: 'False' },
      { type: 'Ready', status: 'True' },
    ];
    const object = { spec: { host: 'a' }, status: { conditions } };
    expect(row(custom(columns), object)).toEqual({ Name: 'x', Host: 'a', Ready: 'True', Since: '90s', Weight: null });
    expect(row(custom([]), object)).toEqual({ Name: 'x', Age: '90s' });
  });
});

describe('a JSON path', () => {
  const root = {
    a: {
      'b.c': 1,
      list: [
        { n: 'x', v: 1 },
        { n: 'y', v: 2 },
      ],
    },
  };
  it.each<[string, JsonValue[]]>([
    ['.a.list[0].v', [1]],
    ['.a.list[-1].v', [2]],
    ['$.a.list[*].v', [1, 2]],
    ['.a.b\\.c', [1]],
    [".a['b.c']", [1]],
    [".a.list[?(@.n=='y')].v", [2]],
    ['.a.missing.v', []],
    ['.a.list[?(@.v>1)]', []],
    ['no path', []],
  ])('%s', (path, values) => {
    expect(evaluateJsonPath(path, root)).toEqual(values);
  });
});
