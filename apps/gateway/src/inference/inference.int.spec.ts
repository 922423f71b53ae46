import { gzipSync } from 'node:zlib';
import { DomainError, NotFound } from '@millrace/contracts';
import { encodeJson } from '@millrace/messaging';
import { headers as natsHeaders, type Msg } from '@nats-io/transport-node';
import { TestGateway } from '../testing/gateway.js';

const metadata = {
  name: 'flights',
  versions: ['3'],
  platform: 'onnx_onnxv1',
  inputs: [{ name: 'distance', datatype: 'FP32', shape: [-1, 1] }],
  outputs: [{ name: 'label', datatype: 'INT64', shape: [-1] }],
};

describe('predictions', () => {
  let gateway: TestGateway;
  const requests: Msg[] = [];
  const infer = (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) => gateway.fetch(path, { method: 'POST', body, headers });
  const last = () => requests.at(-1) as Msg;

  beforeAll(async () => {
    gateway = await TestGateway.start({ PREDICTION_TIMEOUT_MS: '300' });
    await gateway.answer('infer.flights', (message) => {
      requests.push(message);
      return { model_name: 'flights', outputs: [] };
    });
    await gateway.answer('infer.flights.rows', (message) => {
      requests.push(message);
      return { model_name: 'flights', model_version: '3', predictions: [{ label: 1 }] };
    });
    gateway.client.nc.subscribe('millrace.v1.infer.binary', {
      callback: (_error, message) => {
        requests.push(message);
        const headers = natsHeaders();
        headers.set('Inference-Header-Content-Length', '2');
        message.respond(Uint8Array.of(0x7b, 0x7d, 0, 255), { headers });
      },
    });
    for (const subject of ['packed', 'packed.rows'])
      gateway.client.nc.subscribe(`millrace.v1.infer.${subject}`, {
        callback: (_error, message) => {
          requests.push(message);
          const headers = natsHeaders();
          headers.set('Content-Encoding', 'gzip');
          headers.set('Millrace-Model-Version', '4');
          message.respond(gzipSync('{"packed":true}'), { headers });
        },
      });
    gateway.client.nc.subscribe('millrace.v1.infer.slow', {
      callback: (_error, message) => void requests.push(message),
    });
    await gateway.answer('infer.busy', () => {
      throw new DomainError('overloaded', 'the queue is full');
    });
    await gateway.answer('inference.server.metadata', () => ({
      name: 'millrace',
      version: '1.0.0',
      extensions: [],
    }));
    await gateway.answer('inference.model.metadata', (message) => {
      const { endpoint } = message.json<{ endpoint: string }>();
      if (endpoint !== 'flights') throw new NotFound('endpoint', endpoint);
      return metadata;
    });
    await gateway.answer('inference.model.ready', (message) => {
      const { endpoint, version } = message.json<{ endpoint: string; version?: number }>();
      if (endpoint === 'loading') return { name: endpoint, ready: false, reason: 'it is being loaded' };
      return { name: endpoint, ready: version !== 2 };
    });
  });
  afterAll(() => gateway.stop());

  it('describes the server and its models', async () => {
    expect(await (await gateway.fetch('/v2')).json()).toEqual({
      name: 'millrace',
      version: '1.0.0',
      extensions: [],
    });
    expect(await (await gateway.fetch('/v2/models/flights')).json()).toEqual(metadata);
    expect(await (await gateway.fetch('/v2/models/flights/versions/3')).json()).toEqual(metadata);
  });

  it.each([
    ['/v2/health/live', 200],
    ['/v2/health/ready', 200],
    ['/v2/models/flights/ready', 200],
    ['/v2/models/flights/versions/3/ready', 200],
    ['/v2/models/flights/versions/2/ready', 503],
    ['/v2/models/loading/ready', 503],
    ['/v2/models/Loading/ready', 404],
    ['/v2/models/flights/versions/new/ready', 404],
  ])('says of %s %i', async (path, status) => {
    expect((await gateway.fetch(path)).status).toBe(status);
  });

  it('passes a request on as it came, whatever it says it is', async () => {
    const bytes = Uint8Array.of(0x7b, 0xff, 0x00, 0x7d);
    for (const headers of [{ 'Content-Type': 'application/octet-stream' }, { 'Content-Type': 'image/png' }]) {
      const response = await infer('/v2/models/flights/infer', bytes, headers);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.json()).toEqual({ model_name: 'flights', outputs: [] });
      expect([...last().data]).toEqual([...bytes]);
      expect(last().headers?.get('Content-Type')).toBe(headers['Content-Type']);
    }
  });

  it('passes a request without a content type on', async () => {
    const request = new Request(`${gateway.url}/v2/models/flights/infer`, {
      method: 'POST',
      body: new Uint8Array([1, 2]),
    });
    request.headers.delete('content-type');
    expect((await fetch(request)).status).toBe(200);
    expect([...last().data]).toEqual([1, 2]);
  });

  it('passes binary tensors on, both ways', async () => {
    const response = await infer('/v2/models/binary/infer', Uint8Array.of(0x7b, 0x7d, 1, 2), {
      'Content-Type': 'application/octet-stream',
      'Inference-Header-Content-Length': '2',
    });
    expect(last().headers?.get('Inference-Header-Content-Length')).toBe('2');
    expect(response.headers.get('inference-header-content-length')).toBe('2');
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0x7b, 0x7d, 0, 255]);
  });

  it('passes compressed bodies on, both ways', async () => {
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    const body = gzipSync('{"rows":[]}');
    for (const path of ['/v2/models/packed/infer', '/v1/endpoints/packed/predict']) {
      const response = await infer(path, body, { ...headers, 'Accept-Encoding': 'br;q=1, gzip;q=0.5' });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(response.headers.get('millrace-model-version')).toBe('4');
      expect(await response.text()).toBe('{"packed":true}');
      expect(Buffer.from(last().data)).toEqual(body);
      expect(last().headers?.get('Content-Encoding')).toBe('gzip');
      expect(last().headers?.get('Accept-Encoding')).toBe('gzip');
    }
  });

  it('asks for the version that the path names', async () => {
    await infer('/v2/models/flights/versions/3/infer', '{}');
    expect(last().headers?.get('Millrace-Model-Version')).toBe('3');
    await infer('/v2/models/flights/infer', '{}');
    expect(last().headers?.has('Millrace-Model-Version')).toBe(false);
  });

  it.each([
    ['a model that nobody serves', '/v2/models/unknown/infer', '{}', {}, 404, /^Request for unknown model/],
    ['what no model is called', '/v2/models/A.>/infer', '{}', {}, 404, /^Request for unknown model/],
    [
      'what no version is called',
      '/v2/models/flights/versions/0/infer',
      '{}',
      {},
      404,
      /^Request for unknown model/,
    ],
    ['a full queue', '/v2/models/busy/infer', '{}', {}, 503, /queue is full/],
    ['a model that takes too long', '/v2/models/slow/infer', '{}', {}, 504, /in time/],
    [
      'a length that is none',
      '/v2/models/flights/infer',
      '{}',
      { 'Inference-Header-Content-Length': '-1' },
      400,
      /bytes/,
    ],
    ['an unknown encoding', '/v2/models/flights/infer', '{}', { 'Content-Encoding': 'br' }, 415, /br/],
    ['a body beyond the limit', '/v2/models/flights/infer', 'x'.repeat(1_048_577), {}, 413, /large/],
    ['another route', '/v2/models', '{}', {}, 404, /there is no/],
  ])('refuses %s as the protocol says', async (_, path, body, headers, status, message) => {
    const response = await infer(path, body, headers);
    expect(response.status).toBe(status);
    const refused = (await response.json()) as { error: string };
    expect(Object.keys(refused)).toEqual(['error']);
    expect(refused.error).toMatch(message);
  });

  it('refuses a body that NATS cannot carry', async () => {
    const large = await TestGateway.start({ HTTP_BODY_LIMIT_BYTES: '4000000' });
    const response = await large.fetch('/v2/models/flights/infer', {
      method: 'POST',
      body: 'x'.repeat(2_000_000),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('1048576') as string });
    await large.stop();
  });

  it('refuses a wrong method', async () => {
    const response = await gateway.fetch('/v2/models/flights/infer');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toEqual({
      error: expect.stringContaining('GET is not possible') as string,
    });
  });

  it('tells an unknown model from inference that is away', async () => {
    const alone = await TestGateway.start();
    const response = await alone.fetch('/v2/models/flights/infer', { method: 'POST', body: '{}' });
    expect(response.status).toBe(503);
    expect((await alone.fetch('/v2/health/live')).status).toBe(200);
    expect((await alone.fetch('/v2/health/ready')).status).toBe(503);
    await alone.stop();
  });

  it('predicts from plain records', async () => {
    const response = await gateway.send('POST', '/v1/endpoints/flights/predict', {
      rows: [{ distance: 400 }],
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      model_name: 'flights',
      model_version: '3',
      predictions: [{ label: 1 }],
    });
    expect(last().data).toEqual(encodeJson({ rows: [{ distance: 400 }] }));
  });

  it('refuses plain records in problem details', async () => {
    await gateway.answer('infer.picky.rows', () => {
      throw new DomainError('invalid_request', 'row 0: distance is missing', {
        details: { fields: [{ field: 'rows[0].distance', message: 'is missing' }] },
      });
    });
    const refused = await gateway.send('POST', '/v1/endpoints/picky/predict', { rows: [{}] });
    expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await refused.json()).toMatchObject({ status: 400, errors: [{ field: 'rows[0].distance' }] });
    const unknown = await gateway.send('POST', '/v1/endpoints/unknown/predict', { rows: [] });
    expect(await unknown.json()).toMatchObject({ status: 404, code: 'not_found' });
    const text = await infer('/v1/endpoints/flights/predict', '{}', { 'Content-Type': 'text/plain' });
    expect(text.status).toBe(415);
  });
});
