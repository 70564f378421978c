import type { AnswerReader, Read } from '../answer/answer-reader.js';
import { AnswerError } from '../errors/answer-error.js';
import { BadRequestError, NotFoundError } from '../errors/api-error.js';
import type { ServiceClient } from '../transport/service-client.js';
import type { CallOptions } from './call-options.js';

/** How often a list is begun anew because the object that a page was to go on from had been deleted. */
const RESTARTS = 3;

export interface ListRequest<T> {
  readonly client: ServiceClient;
  readonly path: string;
  /** Name of the list in the answer, e.g. `pools`. */
  readonly plural: string;
  readonly read: Read<T>;
  readonly filter: object;
}

/** One page, and the parameters of the next where there is one. */
interface Page<T> {
  readonly items: readonly T[];
  readonly next: URLSearchParams | undefined;
}

/** All pages of a list of Octavia or Neutron, which say by `<plural>_links` where the next begins. */
export async function listPages<T>(request: ListRequest<T>, options: CallOptions): Promise<readonly T[]> {
  for (let restarts = 0; ; restarts += 1) {
    const items = await pages(request, options, restarts < RESTARTS);
    if (items !== undefined) return items;
  }
}

/** `undefined` when it has to begin anew. */
async function pages<T>(
  { client, path, plural, read, filter }: ListRequest<T>,
  options: CallOptions,
  mayRestart: boolean,
): Promise<readonly T[] | undefined> {
  const items: T[] = [];
  const seen = new Set<string>();
  let query: object = filter;
  for (let marker: string | null = null; ; ) {
    const page: Page<T> | undefined = await client
      .request('GET', path, { ...options, query }, (answer) => readPage(answer.reader(), plural, read))
      .catch((error: unknown) => {
        const vanished = error instanceof BadRequestError || error instanceof NotFoundError;
        if (marker !== null && vanished && mayRestart) return undefined;
        throw error;
      });
    if (page === undefined) return undefined;
    items.push(...page.items);
    if (page.next === undefined) return items;
    marker = page.next.get('marker');
    if (marker === null || seen.has(marker)) {
      throw new AnswerError(`GET ${path}: ${plural}_links: the next page does not go on: ${marker ?? 'no marker'}`);
    }
    seen.add(marker);
    // Octavia's links leave the filters out.
    query = { ...filter, marker };
  }
}

/** Of the link only the parameters are used: its host may be one that only the service itself knows. */
function readPage<T>(answer: AnswerReader, plural: string, read: Read<T>): Page<T> {
  const links = answer.list(`${plural}_links`, (link) => ({ rel: link.text('rel'), href: link.text('href') }));
  const next = links.find(({ rel }) => rel === 'next');
  return {
    items: answer.requiredList(plural, read),
    next: next === undefined ? undefined : new URLSearchParams(next.href.split('?')[1] ?? ''),
  };
}
