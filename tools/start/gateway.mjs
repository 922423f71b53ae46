import { setTimeout as wait } from 'node:timers/promises';

/** An answer of the gateway that is not a success, told in its own words. */
export class Refused extends Error {
  constructor(status, body) {
    const lines = (body?.errors ?? []).map(({ field, message }) => `  ${field}: ${message}`);
    super([body?.detail ?? `HTTP ${status}`, ...lines].join('\n'));
    this.name = 'Refused';
    this.status = status;
  }
}

/** REST over fetch. What can safely be asked twice is, while the gateway or a service behind it is away. */
export class Gateway {
  constructor(url, patienceMs = 30_000) {
    this.url = url;
    this.patienceMs = patienceMs;
  }

  get(path) {
    return this.#send('GET', path);
  }

  /** @param {string} [key] the same key makes sending it twice harmless */
  post(path, body, key) {
    return this.#send('POST', path, body, key);
  }

  async #send(method, path, body, key) {
    const end = Date.now() + this.patienceMs;
    for (;;) {
      try {
        const response = await fetch(this.url + path, {
          method,
          headers: { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) },
          body: body && JSON.stringify(body),
          signal: AbortSignal.timeout(15_000),
        });
        const answer = await response.json().catch(() => undefined);
        if (response.ok) return answer;
        throw new Refused(response.status, answer);
      } catch (error) {
        const passing = !(error instanceof Refused) || error.status === 503 || error.status === 504;
        if (!passing || (method !== 'GET' && !key) || Date.now() > end) throw error;
        await wait(200);
      }
    }
  }

  /** Server-sent events of one path until it closes. @returns {AsyncGenerator<{ event: string, data: any }>} */
  async *events(path, signal) {
    const response = await fetch(this.url + path, { headers: { accept: 'text/event-stream' }, signal });
    if (!response.ok) throw new Refused(response.status, await response.json().catch(() => undefined));
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        const value = (name) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
        if (value('data') !== undefined)
          yield { event: value('event') ?? 'message', data: JSON.parse(value('data')) };
      }
    }
  }
}
