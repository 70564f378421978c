/** Who wrote, in `metadata.managedFields`, for everything that the playground's controllers do: the name that a cluster shows. */
export const CONTROLLER_MANAGER = { fieldManager: 'kube-controller-manager' } as const;
export const CONTROLLER_MANAGER_STATUS = { ...CONTROLLER_MANAGER, subresource: 'status' } as const;
