import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { delay, HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { askController } from './controller-client.js';

const CONTROLLER = 'http://controller.example:8082';
const server = setupServer();

describe('a question to the running controller', () => {
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());

  it('carries its words, encoded, and brings back the JSON', async () => {
    server.use(
      http.get(`${CONTROLLER}/api/v1/explain`, ({ request }) => {
        const { searchParams } = new URL(request.url);
        return HttpResponse.json({ url: searchParams.get('url'), headers: searchParams.getAll('header') });
      }),
    );
    const query = [
      ['url', 'http://a.example/?x=1&y=2'],
      ['header', 'a: 1'],
      ['header', 'b: 2'],
    ] as const;
    expect(await askController(CONTROLLER, '/api/v1/explain', query)).toEqual({
      url: 'http://a.example/?x=1&y=2',
      headers: ['a: 1', 'b: 2'],
    });
  });

  it('tells what the controller answered where that is no answer', async () => {
    server.use(
      http.get(
        `${CONTROLLER}/api/v1/plan`,
        () => new HttpResponse('no L7 router is open: port 80 is taken\n', { status: 503 }),
      ),
    );
    await expect(askController(CONTROLLER, '/api/v1/plan')).rejects.toMatchObject({
      code: 'ERR_CONTROLLER_UNREACHABLE',
      message: `The controller at ${CONTROLLER} answers 503: no L7 router is open: port 80 is taken`,
    });
  });

  it('tells a controller that takes too long from one that is not there', async () => {
    server.use(http.get(`${CONTROLLER}/api/v1/plan`, () => delay('infinite')));
    await expect(askController(CONTROLLER, '/api/v1/plan', [], 20)).rejects.toMatchObject({
      code: 'ERR_CONTROLLER_BUSY',
      retryable: true,
      message: expect.stringMatching(/ runs and has not answered within 0\.02 s: it waits for its router\. Ask again/),
    });
  });

  it('tells why nobody answers, and what to do', async () => {
    server.use(http.get(`${CONTROLLER}/api/v1/plan`, () => HttpResponse.error()));
    await expect(askController(CONTROLLER, '/api/v1/plan')).rejects.toMatchObject({
      code: 'ERR_CONTROLLER_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(/^No controller answers at .* Start one with/),
    });
  });
});
