import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { explainCommand } from './explain-command.js';

const CONTROLLER = 'http://controller.example:8082';
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const fixed = { action: 'FIXED_RESPONSE' };
const toPool = { action: 'REDIRECT_TO_POOL', pool: 'kuryr-l7-not-found' };
const members = [{ address: '10.0.0.9', port: 80, weight: 1 }];

it.each([
  [{ ...fixed, statusCode: 404 }, '404: no policy matches'],
  [{ ...fixed, statusCode: 503 }, '503: no policy matches, and the listener has no default pool'],
  [{ ...toPool, members, statusCode: 404 }, '404 by the default pool kuryr-l7-not-found: no policy matches'],
  [{ ...toPool, members }, 'default pool kuryr-l7-not-found: no policy matches'],
  [{ ...toPool, members: [] }, '503: no policy matches, and the default pool kuryr-l7-not-found has no members'],
])('explain tells what answers %j', async (answer, expected) => {
  server.use(
    http.get(`${CONTROLLER}/api/v1/explain`, () => HttpResponse.json({ ...answer, listener: 'HTTP:80', trace: [] })),
  );
  const lines: string[] = [];
  const output = { out: (text: string) => void lines.push(text), error: () => undefined };
  await explainCommand({ controller: CONTROLLER, url: 'a.example', headers: [], json: false }, output);
  expect(lines.join('\n').split('\n')[1]).toBe(`Answer    ${expected}`);
});
