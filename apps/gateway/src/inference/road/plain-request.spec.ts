import { plainRequest } from './plain-request.js';

const request = (change: { method?: string; url?: string; headers?: Record<string, string> } = {}) => ({
  method: 'POST',
  url: '/v2/models/flights/infer',
  ...change,
  headers: { host: 'localhost', 'content-length': '12', ...change.headers },
});

describe('plainRequest', () => {
  it('is a body for a model, or for one version of it', () => {
    expect(plainRequest(request())).toEqual({ endpoint: 'flights', length: 12 });
    expect(plainRequest(request({ url: '/v2/models/flights/versions/3/infer' }))).toEqual({
      endpoint: 'flights',
      version: '3',
      length: 12,
    });
  });

  it.each([
    [{ method: 'GET' }],
    [{ url: '/v2/models/flights/infer?x=1' }],
    [{ url: '/v2/models/flights/infer/' }],
    [{ url: '/v2/models/fl%69ghts/infer' }],
    [{ url: '/v2/models//infer' }],
    [{ url: '/v2/models/flights/versions/infer' }],
    [{ url: '/v1/endpoints/flights/predict' }],
    [{ headers: { 'content-length': '1e3' } }],
    [{ headers: { 'content-length': '-1' } }],
    [{ headers: { origin: 'https://elsewhere.example' } }],
    [{ headers: { 'sec-fetch-site': 'cross-site' } }],
    [{ headers: { expect: '100-continue' } }],
    [{ headers: { 'transfer-encoding': 'chunked' } }],
  ])('is nothing else: %j', (change) => {
    expect(plainRequest(request(change))).toBeUndefined();
  });

  it('has a length', () => {
    const { 'content-length': _, ...headers } = request().headers;
    expect(plainRequest({ ...request(), headers })).toBeUndefined();
  });
});
