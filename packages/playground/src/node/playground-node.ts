import type { ApiClient } from '../api-server/api-client.js';
import type { AdmissionHook } from '../api-server/backend.js';
import type { Pod } from '../cluster/kinds/pod.js';
import { timestamp } from '../cluster/timestamp.js';

export const NODE_NAME = 'playground-node';
const NODES = { group: '', version: 'v1', plural: 'nodes' };
const MOST_PODS = '65533';

/** Binds every new Pod to the one node there is, while it is written: no Pod is ever without one. */
export const bindToNode: AdmissionHook = (definition, object, old) => {
  if (definition.storage !== 'pods' || old !== undefined) return object;
  // Validated just before as what its definition says.
  const { spec } = object as Pod;
  return spec.nodeName === undefined || spec.nodeName === ''
    ? { ...object, spec: { ...spec, nodeName: NODE_NAME } }
    : object;
};

/** Registers the node, as a kubelet does. */
export function createNode(client: ApiClient, address: string): void {
  const now = timestamp();
  const resources = { cpu: '1k', memory: '1Ti', pods: MOST_PODS };
  const healthy = (type: string, status: 'True' | 'False', reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  client.create(
    NODES,
    '',
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: NODE_NAME,
        labels: {
          'kubernetes.io/hostname': NODE_NAME,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
        },
      },
      spec: {},
      status: {
        capacity: resources,
        allocatable: resources,
        addresses: [
          { type: 'InternalIP', address },
          { type: 'Hostname', address: NODE_NAME },
        ],
        conditions: [
          healthy('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
          healthy('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
          healthy('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
          healthy('Ready', 'True', 'KubeletReady', 'a stand-in: every Pod is an HTTP server inside the playground'),
        ],
        nodeInfo: {
          architecture: 'amd64',
          bootID: '',
          containerRuntimeVersion: 'playground://1',
          kernelVersion: '',
          kubeProxyVersion: '',
          kubeletVersion: 'v1.34.0',
          machineID: '',
          operatingSystem: 'linux',
          osImage: 'Kuryr L7 Router playground',
          systemUUID: '',
        },
      },
    },
    { fieldManager: 'kubelet' },
  );
}
