/** Where an object is in its life. Only ACTIVE ones can be changed; ACTIVE and ERROR ones can be deleted. */
export type ProvisioningStatus =
  | 'ACTIVE'
  | 'PENDING_CREATE'
  | 'PENDING_UPDATE'
  | 'PENDING_DELETE'
  | 'ERROR'
  | 'DELETED';

export const PROVISIONING_STATUSES: readonly ProvisioningStatus[] = [
  'ACTIVE',
  'PENDING_CREATE',
  'PENDING_UPDATE',
  'PENDING_DELETE',
  'ERROR',
  'DELETED',
];
