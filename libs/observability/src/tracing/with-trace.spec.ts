import { setImmediate } from 'node:timers/promises';
import { trace, type Span, type SpanContext, type TracerProvider } from '@opentelemetry/api';
import { parseTraceparent } from './traceparent.js';
import { currentTraceparent, withTrace } from './with-trace.js';

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('withTrace', () => {
  it('is in a child of the given span, across awaits, and only inside', async () => {
    const inside = await withTrace(parent, 'work', async () => {
      await setImmediate();
      return currentTraceparent();
    });
    expect(parseTraceparent(inside)?.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(inside).not.toBe(parent);
    expect(currentTraceparent()).toBeUndefined();
  });

  it.each([undefined, 'nonsense'])('starts a new trace without a valid parent (%s)', (header) => {
    const inside = withTrace(header, 'work', currentTraceparent);
    expect(parseTraceparent(inside)).toBeDefined();
  });

  it('keeps concurrent traces apart', async () => {
    const traces = await Promise.all(
      Array.from({ length: 50 }, () =>
        withTrace(undefined, 'work', async () => {
          const before = currentTraceparent();
          await setImmediate();
          return [before, currentTraceparent()] as const;
        }),
      ),
    );
    expect(traces.every(([before, after]) => before === after)).toBe(true);
    expect(new Set(traces.map(([before]) => before)).size).toBe(50);
  });

  it('goes on following what is inside when something beside it ends', async () => {
    const gates: (() => void)[] = [];
    const work = () =>
      withTrace(parent, 'work', async () => {
        await new Promise<void>((resolve) => gates.push(resolve));
        return currentTraceparent();
      });
    const [first, second] = [work(), work()];
    gates[0]!();
    expect(await first).toBeDefined();
    withTrace(undefined, 'beside', () => undefined);
    gates[1]!();
    expect(await second).toBeDefined();
    expect(currentTraceparent()).toBeUndefined();
  });

  it('passes results and errors through', async () => {
    expect(withTrace(parent, 'work', () => 42)).toBe(42);
    expect(() =>
      withTrace(parent, 'work', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    await expect(withTrace(parent, 'work', () => Promise.reject(new Error('later')))).rejects.toThrow(
      'later',
    );
  });
});

describe('withTrace with a registered SDK', () => {
  const ended: string[] = [];
  const spanOf = (name: string, own: SpanContext): Span => {
    const span: Partial<Span> = {
      spanContext: () => own,
      end: () => void ended.push(name),
      setStatus: () => (ended.push(`${name} failed`), span as Span),
      recordException: () => undefined,
    };
    return span as Span;
  };
  const own = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: 'aaaaaaaaaaaaaaaa', traceFlags: 1 };
  const provider = {
    getTracer: () => ({ startSpan: (name: string) => spanOf(name, own) }),
  } as unknown as TracerProvider;

  beforeAll(() => void trace.setGlobalTracerProvider(provider));
  afterAll(() => trace.disable());

  it("sends the SDK's span along and ends it when the work is done", async () => {
    const inside = await withTrace(parent, 'ok', () => Promise.resolve(currentTraceparent()));
    expect(parseTraceparent(inside)?.spanId).toBe('aaaaaaaaaaaaaaaa');
    expect(ended).toEqual(['ok']);
  });

  it('marks the span of failed work', async () => {
    await expect(withTrace(parent, 'bad', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(ended.slice(-2)).toEqual(['bad failed', 'bad']);
  });
});
