import type { ClusterSession } from '../cluster-session.js';
import type { Page, PageAnswer } from '../health/health-server.js';

export const STANDING_BY: PageAnswer = {
  status: 503,
  text: 'this controller stands by; ask the one that holds the Lease of [kubernetes] controller_ha\n',
};

export function noRouter({ writer }: ClusterSession): PageAnswer {
  return { status: 503, text: `no L7 router is open: ${writer.state.problem ?? writer.state.phase}\n` };
}

/** Milliseconds that a router which others are changing is waited for. Shorter than a command waits for an answer. */
export const READ_TIME = 20_000;

/** For documents: whole seconds; nothing for what was read now. */
export function ageInSeconds(age: number): { readonly age?: number } {
  return age === 0 ? {} : { age: Math.ceil(age / 1_000) };
}

/** A page that answers 503 with the reason while the router can't be read: not a fault of the controller. */
export function whileBusy(page: Page): Page {
  return async (query) => {
    try {
      return await page(query);
    } catch (error) {
      if (!(error instanceof Error) || !('retryable' in error) || error.retryable !== true) throw error;
      return { status: 503, text: `${error.message}\n` };
    }
  };
}
