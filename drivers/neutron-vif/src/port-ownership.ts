import { type ClusterMarks, POD_PORT_OWNER, type Port } from '@kuryr-l7/openstack';

/** Whether a port is this cluster's: by its tag, or, where that was not written any more, by what it was made with. */
export function ownsPort(marks: ClusterMarks, port: Pick<Port, 'tags' | 'description' | 'device_owner'>): boolean {
  return marks.isTagged(port) || (port.device_owner === POD_PORT_OWNER && marks.isDescribedPort(port));
}
