import type { Placement } from '../execution/place-model.js';

/** Besides the model: what Node and the runtime take for a thread or a process of their own. */
const hostBytes = { inline: 0, thread: 16 * 2 ** 20, process: 64 * 2 ** 20 } as const;

/** Weights as they are in the file, and once more as the runtime prepares them for its kernels. */
const copies = 2;

/** About what a model takes in memory, so that the largest count the most. */
export const estimateBytes = (fileBytes: number, { kind }: Placement, runners: number): number =>
  runners * (copies * fileBytes + hostBytes[kind]);
