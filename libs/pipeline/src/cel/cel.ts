import type { JsonValue } from '@millrace/contracts';
import type { Work } from './meter.js';

/** What an expression reads, as far as it is fixed: `steps.fit.outputs.loss` → `['steps', 'fit', 'outputs', 'loss']`. */
export type CelName = readonly string[];

/** A compiled CEL expression. Evaluation has no effects, gives the same for the same, and ends: its cost is bounded. */
export interface Cel {
  readonly text: string;
  readonly names: readonly CelName[];
  /** `bool`, `int`, …; `dyn` where it depends on what is read. */
  readonly type: string;
  /**
   * @param work what it may cost, and what is left of it afterwards; without, `maxWork`
   * @throws CelError where it has no value: a missing name, wrong types, too much work
   */
  evaluate(bindings: { readonly [name: string]: unknown }, work?: Work): JsonValue;
}
