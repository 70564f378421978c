import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ChangedMeanwhileError } from '../errors/api-error.js';
import { FakeCloud, type Seen } from '../fake-cloud.fixture.js';
import { changeSecurityGroups } from './change-security-groups.js';
import type { NeutronClient } from './neutron-client.js';

const OUTDATED = {
  status: 412,
  body: { NeutronError: { type: 'RevisionNumberConstraintFailed', message: 'Constrained to 1', detail: '' } },
};
const add = (id: string) => (groups: readonly string[]) => [...groups.filter((one) => one !== id), id];

describe('security groups of a port', () => {
  let fake: FakeCloud;
  let neutron: NeutronClient;
  let there: { revision_number?: number; security_groups: readonly string[] };
  /** Called before a change is looked at. */
  let others: () => void;

  const port = () => ({ port: { id: 'o1', network_id: 'n1', ...there } });

  /** Neutron with one port. */
  const respond = ({ method, headers, body }: Seen) => {
    if (method === 'GET') return { body: port() };
    others();
    const condition = headers['if-match'];
    if (condition !== undefined && condition !== `revision_number=${there.revision_number}`) return OUTDATED;
    there = { ...there, ...(body as ReturnType<typeof port>).port };
    return { body: port() };
  };
  const change = async (id: string) => changeSecurityGroups(neutron, await neutron.ports.get('o1'), add(id));
  const puts = () => fake.seen.filter(({ method }) => method === 'PUT');

  beforeEach(async () => {
    fake = await FakeCloud.start();
    ({ neutron } = await fake.open());
    fake.respond = respond;
    there = { revision_number: 1, security_groups: ['theirs'] };
    others = () => undefined;
  });

  afterEach(() => fake.stop());

  it('are changed, and written only where they differ', async () => {
    expect(await change('ours')).toBe(true);
    expect(await change('ours')).toBe(false);
    expect(there.security_groups).toEqual(['theirs', 'ours']);
    expect(puts()).toHaveLength(1);
  });

  it('keep what others add at the same time', async () => {
    others = () => {
      others = () => undefined;
      there = { revision_number: 2, security_groups: ['theirs', 'added'] };
    };
    expect(await change('ours')).toBe(true);
    expect(there.security_groups).toEqual(['theirs', 'added', 'ours']);
  });

  it('are given up where others change the port all the time', async () => {
    others = () => {
      there = { ...there, revision_number: (there.revision_number ?? 0) + 1 };
    };
    await expect(change('ours')).rejects.toThrow(ChangedMeanwhileError);
    expect(puts()).toHaveLength(50);
  });

  it('are changed all the same by a Neutron without revisions', async () => {
    there = { security_groups: ['theirs'] };
    expect(await change('ours')).toBe(true);
    expect(puts().map(({ headers }) => headers['if-match'])).toEqual([undefined]);
  });
});
