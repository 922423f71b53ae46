import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { EventStream, formatEvent } from './event-stream.js';

/** A client that takes nothing until `drain`. */
class StuckResponse extends EventEmitter {
  written: string[] = [];
  writableLength = 0;
  writableNeedDrain = false;
  writableEnded = false;
  destroyed = false;
  writeHead = (): this => this;
  write(text: string): boolean {
    this.written.push(text);
    this.writableLength += text.length;
    this.writableNeedDrain = this.writableLength > 100;
    return !this.writableNeedDrain;
  }
  drain(): void {
    this.writableLength = 0;
    this.writableNeedDrain = false;
    this.emit('drain');
  }
  end(): void {
    this.writableEnded = true;
    this.emit('close');
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const { signal: never } = new AbortController();

describe('an event stream', () => {
  const open = (bounds = { maxBuffered: 300, heartbeatMs: 60_000, stallMs: 60_000 }) => {
    const response = new StuckResponse();
    return { response, stream: new EventStream(response as unknown as ServerResponse, bounds) };
  };

  it('formats as the standard says, on one line of data whatever the text', () => {
    expect(formatEvent('step', { message: 'a\nb' })).toBe('event: step\ndata: {"message":"a\\nb"}\n\n');
    expect(formatEvent('end', {}, 'end')).toBe('id: end\nevent: end\ndata: {}\n\n');
  });

  it('leaves out what may get lost while the client is behind, and nothing else', () => {
    const { response, stream } = open();
    stream.send('step', { text: 'x'.repeat(100) });
    stream.sendLossy('progress', { fraction: 0.1 });
    stream.send('step', { n: 2 });
    response.drain();
    stream.sendLossy('progress', { fraction: 0.2 });
    expect(response.written.slice(1).map((text) => text.split('\n')[0])).toEqual([
      'event: step',
      'event: step',
      'event: progress',
    ]);
  });

  it('cuts off a client that is too far behind', () => {
    const { response, stream } = open();
    for (let n = 0; n < 50; n++) stream.send('step', { text: 'x'.repeat(100) });
    expect(response.destroyed).toBe(true);
    expect(response.written.length).toBeLessThan(6);
  });

  it('says when what was sent is taken, or the client is gone', async () => {
    const { response, stream } = open();
    await stream.taken(never);
    stream.send('line', { text: 'x'.repeat(100) });
    let isTaken = false;
    const taken = stream.taken(never).then(() => (isTaken = true));
    await new Promise(setImmediate);
    expect(isTaken).toBe(false);
    response.drain();
    await taken;
    stream.send('line', { text: 'x'.repeat(100) });
    const gone = stream.taken(never);
    response.destroy();
    await gone;
    expect(response.listenerCount('drain') + response.listenerCount('close')).toBe(0);
    await stream.taken(never);
  });

  it('cuts off a client that takes nothing for too long', async () => {
    const { response, stream } = open({ maxBuffered: 300, heartbeatMs: 60_000, stallMs: 1 });
    stream.send('line', { text: 'x'.repeat(100) });
    await stream.taken(never);
    expect(response.destroyed).toBe(true);
  });

  it('writes nothing after its end', () => {
    const { response, stream } = open();
    stream.end();
    const before = response.written.length;
    stream.send('step', {});
    expect(response.written.length).toBe(before);
  });
});
