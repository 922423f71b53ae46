import type { PredictionWindow } from '@millrace/contracts';

/** Below NATS's default `max_payload` of 1 MiB, with room for the event around it. */
const maxBytes = 900_000;

/** A window of so many bytes at most as JSON: the counts always, the sketches as far as they fit, smallest first. */
export const fitWindow = (window: PredictionWindow, limit = maxBytes): PredictionWindow => {
  const sizes = Object.entries(window.sketches)
    .map(([name, sketch]) => ({ name, bytes: sizeOf({ [name]: sketch }) }))
    .sort((a, b) => a.bytes - b.bytes);
  let left = limit - sizeOf({ ...window, sketches: {} });
  if (sizes.reduce((sum, { bytes }) => sum + bytes, 0) <= left) return window;
  const fitting = new Set<string>();
  for (const { name, bytes } of sizes) {
    if (bytes > left) break;
    left -= bytes;
    fitting.add(name);
  }
  const sketches = Object.entries(window.sketches).filter(([name]) => fitting.has(name));
  return { ...window, sketches: Object.fromEntries(sketches) };
};

const sizeOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));
