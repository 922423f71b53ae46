/** Thrown by a handler that can't finish now and is not at fault: give the message back, to be delivered again. */
export class Redeliver extends Error {
  constructor(readonly delayMs = 0) {
    super(`deliver again in ${delayMs} ms`);
    this.name = 'Redeliver';
  }
}

/** 1 s, doubled with each delivery, at most 100 s, ± 20 % so that many failures don't come back as one. */
export const redeliveryDelayMs = (deliveries: number, random: () => number = Math.random): number =>
  Math.round(Math.min(1_000 * 2 ** (deliveries - 1), 100_000) * (0.8 + 0.4 * random()));
