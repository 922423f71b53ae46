import type { ModelSignature } from '@millrace/contracts';
import type { HostKind } from '@millrace/onnx';
import type { ExecutionSettings } from './execution-settings.js';

/** What a model took, where it could do no harm. */
export interface Measured {
  oneRowMs: number;
  /** Of many rows as one, where every output had one row for each: so rows may be run together, and apart. */
  many?: { rows: number; ms: number } | undefined;
}

export interface Placement {
  kind: 'inline' | HostKind;
  /** Rows that one run may have. */
  maxRows: number;
}

/** Beyond what was measured, so many times: a model whose time grows with the square of its rows is not let loose. */
const trusted = 16;

/**
 * Where a model is run. Here, if that holds up this thread for no longer than it may be. Else in a thread if nothing but
 * the rows of a request decides what a run costs; and in a process, which can be killed, if nobody knows.
 * @param measured undefined where there was nothing to measure with
 */
export const placeModel = (
  signature: ModelSignature,
  measured: Measured | undefined,
  { runner, inlineMaxMs }: Pick<ExecutionSettings, 'runner' | 'inlineMaxMs'>,
): Placement => {
  const maxRows = measured?.many ? rowsWithin(inlineMaxMs, measured.oneRowMs, measured.many) : Infinity;
  const known = measured !== undefined && costIsKnown(signature, measured);
  const fast = known && measured.oneRowMs <= inlineMaxMs;
  const chosen = runner === 'auto' ? (fast ? 'inline' : known ? 'thread' : 'process') : runner;
  return { kind: chosen, maxRows: chosen === 'inline' ? maxRows : Infinity };
};

/** By its shapes, a request decides about rows alone, and rows were seen to be apart; or about nothing. */
const costIsKnown = ({ inputs }: ModelSignature, { many }: Measured): boolean =>
  inputs.every(({ shape }) => shape.every((size, i) => size !== -1 || (i === 0 && many !== undefined)));

const rowsWithin = (
  limitMs: number,
  oneRowMs: number,
  { rows, ms }: { rows: number; ms: number },
): number => {
  const perRow = Math.max(0, (ms - oneRowMs) / (rows - 1));
  const within = perRow === 0 ? Infinity : 1 + (limitMs - oneRowMs) / perRow;
  return Math.max(1, Math.floor(Math.min(within, rows * trusted)));
};
