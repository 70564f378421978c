import type { ExplainDocument } from '../pages/explain-page.js';
import { askController, asOf } from './controller-client.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';

export interface ExplainRequest {
  readonly controller: string;
  readonly url: string;
  /** `name: value` */
  readonly headers: readonly string[];
  readonly json: boolean;
}

/** Prints which rule takes a request, whose it is, where it leads, and why the others lost. */
export async function explainCommand(request: ExplainRequest, output: Output): Promise<number> {
  const wrong = request.headers.find((header) => !/^[^:\s]+:/.test(header));
  if (wrong !== undefined) {
    output.error(`--header '${wrong}' is not of the form 'name: value'`);
    return EXIT.usage;
  }
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(request.url) ? request.url : `http://${request.url}`;
  if (!/^https?:\/\/[^/?#]/i.test(url) || !URL.canParse(url)) {
    output.error(`'${request.url}' is not an http or https URL, e.g. http://www.example.com/path`);
    return EXIT.usage;
  }
  const answer = await askController<ExplainDocument>(request.controller, '/api/v1/explain', [
    ['url', url],
    ...request.headers.map((header) => ['header', header] as const),
  ]);
  if (answer.age !== undefined && !request.json) output.error(asOf(answer.age));
  output.out(request.json ? JSON.stringify(answer, undefined, 2) : describe(answer));
  return EXIT.ok;
}

function describe(answer: ExplainDocument): string {
  const lines = [`Listener  ${answer.listener}`, `Answer    ${outcome(answer)}`];
  if (answer.policy !== undefined) lines.push(`Policy    ${answer.policy}`);
  if (answer.source !== undefined) {
    const { kind, namespace, name } = answer.source;
    lines.push(`Asked by  ${kind} ${namespace}/${name}`);
  }
  for (const { address, port, weight } of answer.members ?? []) {
    lines.push(`Member    ${address.includes(':') ? `[${address}]` : address}:${port}  weight ${weight}`);
  }
  if (answer.trace.length > 0) lines.push('Why');
  for (const { policy, reason } of answer.trace) lines.push(`  ${policy}  ${reason}`);
  return lines.join('\n');
}

/** What answers where no policy matches. */
function unmatched({ pool, members, statusCode }: ExplainDocument): string {
  if (pool === undefined && statusCode === 503) return '503: no policy matches, and the listener has no default pool';
  if (pool === undefined) return `${statusCode ?? 404}: no policy matches`;
  if (members?.length === 0) return `503: no policy matches, and the default pool ${pool} has no members`;
  return `${statusCode === undefined ? '' : `${statusCode} by the `}default pool ${pool}: no policy matches`;
}

function outcome(answer: ExplainDocument): string {
  const { action, pool, members, statusCode, location, policy } = answer;
  if (policy === undefined) return unmatched(answer);
  if (pool !== undefined) return members?.length === 0 ? `503: pool ${pool} has no members` : `pool ${pool}`;
  if (location !== undefined) return `${statusCode ?? 302} to ${location}`;
  return `${statusCode ?? ''} (${action})`;
}
