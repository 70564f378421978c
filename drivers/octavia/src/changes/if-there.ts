import { NotFoundError } from '@kuryr-l7/openstack';

/** Deletes; what is gone already is deleted. */
export async function deleteIfThere(send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
