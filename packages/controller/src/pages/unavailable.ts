import type { ClusterSession } from '../cluster-session.js';
import type { PageAnswer } from '../health/health-server.js';

export const STANDING_BY: PageAnswer = {
  status: 503,
  text: 'this controller stands by; ask the one that holds the Lease of [kubernetes] controller_ha\n',
};

export function noRouter({ writer }: ClusterSession): PageAnswer {
  return { status: 503, text: `no L7 router is open: ${writer.state.problem ?? writer.state.phase}\n` };
}
