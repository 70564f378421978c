import { describe, expect, it } from '@jest/globals';
import { at, eventText, TestBackend } from './backend.fixture.js';

const CORE = { group: '', version: 'v1', plural: 'events' };
const EVENTS = { group: 'events.k8s.io', version: 'v1', plural: 'events' };

describe('Events', () => {
  it('are the same objects in core/v1 and in events.k8s.io/v1', () => {
    const { client } = new TestBackend();
    const seen: string[] = [];
    client.watch(CORE, {}, (event) => seen.push(`${eventText(event)} ${String(event.object.message)}`));
    const sent = {
      metadata: { name: 'e' },
      regarding: { kind: 'Ingress', name: 'web' },
      note: 'routed',
      reportingController: 'kuryr',
      series: { count: 2, lastObservedTime: '2026-01-01T00:00:00.000000Z' },
    };
    expect(client.create(EVENTS, 'default', sent)).toMatchObject({ apiVersion: 'events.k8s.io/v1', ...sent });
    expect(client.get(at(CORE, 'e'))).toMatchObject({
      apiVersion: 'v1',
      involvedObject: { kind: 'Ingress', name: 'web' },
      message: 'routed',
      reportingComponent: 'kuryr',
    });
    client.patch(at(EVENTS, 'e'), 'merge', { note: 'routed again' });
    expect(seen).toEqual(['ADDED e routed', 'MODIFIED e routed again']);
    expect(client.list(CORE, { fieldSelector: 'involvedObject.name=web' }).items).toHaveLength(1);
  });
});
