import { NotFoundError } from '../errors/api-error.js';

/** For deletions, and changes of what somebody may be deleting: what is gone already is no error. */
export async function ifThere(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
