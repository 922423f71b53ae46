import { hostPatterns, isAllowedHost } from './allowed-host.js';

describe('the Host header', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:8080',
    '[::1]:8080',
    'localhost:8080',
    'LOCALHOST',
    'gateway:8080',
    'a.localhost',
    '10.1.2.3',
  ])('may be %s', (host) => {
    expect(isAllowedHost(host, [])).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '[::1].evil.example',
  ])('may not be %s', (host) => {
    expect(isAllowedHost(host, [])).toBe(false);
  });

  it('may be what the setting names', () => {
    const patterns = hostPatterns('ml.example.com, .svc.cluster.local');
    expect(isAllowedHost('ML.example.com:443', patterns)).toBe(true);
    expect(isAllowedHost('gateway.prod.svc.cluster.local', patterns)).toBe(true);
    expect(isAllowedHost('x.ml.example.com', patterns)).toBe(false);
    expect(isAllowedHost('evilsvc.cluster.local', patterns)).toBe(false);
    expect(isAllowedHost('any.example', hostPatterns('*'))).toBe(true);
  });
});
