import { DomainError, NotFound } from '@millrace/contracts';
import { Metrics } from '@millrace/observability';
import { eventually } from '@millrace/testing';
import { headers as natsHeaders, type Msg } from '@nats-io/transport-node';
import { TestGateway } from '../../testing/gateway.js';
import { RawHttp } from '../../testing/raw-http.js';

const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
/** A header that only browsers send: it leads through Fastify and Nest. */
const slow = { 'Sec-Fetch-Site': 'same-origin' };

describe('the two roads of a prediction', () => {
  let gateway: TestGateway;
  const asked: Msg[] = [];

  beforeAll(async () => {
    gateway = await TestGateway.start({ HTTP_BODY_LIMIT_BYTES: '2000' });
    await gateway.answer('infer.echo', (message) => {
      asked.push(message);
      return message.data;
    });
    gateway.client.nc.subscribe('millrace.v1.infer.binary', {
      callback: (_error, message) => {
        const headers = natsHeaders();
        headers.set('Inference-Header-Content-Length', '2');
        message.respond(bytes, { headers });
      },
    });
    gateway.client.nc.subscribe('millrace.v1.infer.silent', { callback: () => undefined });
    await gateway.answer('infer.busy', () => {
      throw new DomainError('overloaded', 'the queue is full');
    });
    await gateway.answer('inference.model.metadata', () => {
      throw new NotFound('endpoint', 'nobody');
    });
    await gateway.answer('infer.broken', () => {
      throw new DomainError('internal', 'the model failed');
    });
  });
  afterAll(() => gateway.stop());

  const answer = async (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
  ) => {
    const response = await gateway.fetch(path, { method: 'POST', body, headers });
    const of = (name: string): string | null => response.headers.get(name);
    return {
      status: response.status,
      type: of('content-type'),
      length: of('inference-header-content-length'),
      again: of('retry-after'),
      sniff: of('x-content-type-options'),
      body: Buffer.from(await response.arrayBuffer()).toString('latin1'),
    };
  };

  it.each([
    ['an answer', '/v2/models/echo/infer', '{"ü":"€"}', {}, 200],
    ['any bytes', '/v2/models/echo/infer', bytes, {}, 200],
    ['nothing', '/v2/models/echo/infer', '', {}, 200],
    ['binary tensors', '/v2/models/binary/infer', '{}', { 'Inference-Header-Content-Length': '2' }, 200],
    ['a version', '/v2/models/echo/versions/3/infer', '{}', {}, 200],
    ['no version', '/v2/models/echo/versions/x/infer', '{}', {}, 404],
    ['an unknown model', '/v2/models/nobody/infer', '{}', {}, 404],
    ['no name', '/v2/models/A.>/infer', '{}', {}, 404],
    ['a wrong length', '/v2/models/echo/infer', '{}', { 'Inference-Header-Content-Length': '-1' }, 400],
    ['a wrong time limit', '/v2/models/echo/infer', '{}', { 'Millrace-Timeout': 'soon' }, 400],
    ['no time left', '/v2/models/echo/infer', '{}', { 'Millrace-Timeout': '0' }, 504],
    ['an encoding that is none', '/v2/models/echo/infer', '{}', { 'Content-Encoding': 'br' }, 415],
    ['too many bytes', '/v2/models/echo/infer', 'x'.repeat(2001), {}, 413],
    ['a full queue', '/v2/models/busy/infer', '{}', {}, 503],
    ['a broken model', '/v2/models/broken/infer', '{}', {}, 500],
    ['silence', '/v2/models/silent/infer', '{}', { 'Millrace-Timeout': '60' }, 504],
  ])('are one to the caller: %s', async (_, path, body, headers, status) => {
    const [fast, other] = [
      await answer(path, body, headers),
      await answer(path, body, { ...headers, ...slow }),
    ];
    expect(fast.status).toBe(status);
    expect(fast).toEqual(other);
  });

  it('takes a body in pieces, and forgets one that does not come', async () => {
    const before = asked.length;
    const whole = new RawHttp(gateway.port).write(
      'POST /v2/models/echo/infer HTTP/1.1',
      'Host: localhost',
      'Content-Length: 6',
      '',
      'abc',
    );
    const half = new RawHttp(gateway.port).write(
      'POST /v2/models/echo/infer HTTP/1.1',
      'Host: localhost',
      'Content-Length: 6',
      '',
      'abc',
    );
    await eventually(() => half.received === '');
    half.close();
    whole.write('def');
    await eventually(() => whole.received.endsWith('abcdef'));
    whole.close();
    expect(asked.length).toBe(before + 1);
  });

  it('passes on what the caller says of its trace, and measures both roads as one route', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await answer('/v2/models/echo/infer', '{}', { traceparent });
    expect(asked.at(-1)?.headers?.get('traceparent')).toBe(traceparent);
    await answer('/v2/models/echo/infer', '{}', slow);
    const text = await gateway.service.app.get(Metrics).text();
    const counts = text.match(
      /_seconds_count\{[^}]*route="\/v2\/models\/:model\/infer"[^}]*status="200"[^}]*\} \d+/g,
    );
    expect(counts).toHaveLength(1);
  });

  it('answers many at once, each its own', async () => {
    const all = Array.from({ length: 200 }, (_, i) => `{"i":${i}}`);
    const answers = await Promise.all(all.map((body) => answer('/v2/models/echo/infer', body, {})));
    expect(answers.map(({ body }) => body)).toEqual(all);
  });
});
