import { DomainError } from '@millrace/contracts';
import type { Tensor } from '../tensor/tensor.js';

/** Says for each prediction what each raw column had to do with it. */
export interface Explainer {
  /** Raw columns in the order of the model's inputs; those of an input of shape [N, k] are `name[0]`, `name[1]`, … */
  readonly columns: readonly string[];
  /** Raw scores of a row: one of a regression or of two classes (of the second), else one per class. */
  readonly scores: number;
  /** Steps of arithmetic that one row takes, about. */
  readonly cost: number;
  /**
   * @param feeds the model's inputs, as they were checked
   * @param pause called every few milliseconds of work at most: what it waits for is waited for, what it throws ends it
   * @returns rows × scores × (columns + 1), row-major: the contributions, then the base value. Their sum is the raw score
   * @throws DomainError `unsupported`, and those of running a model
   */
  explain(feeds: Record<string, Tensor>, rows: number, pause: () => Promise<void>): Promise<Float64Array>;
}

export const explainLimits = {
  /** Of one ensemble. */
  treeNodes: 200_000,
  treeDepth: 128,
  /** Steps (leaves × depth²) of one tree: what cannot be interrupted. */
  treeCost: 2_000_000,
  columns: 10_000,
  /** Nodes of the graph that prepare the features. */
  graphNodes: 10_000,
} as const;

export const cannotExplain = (reason: string, cause?: unknown): never => {
  throw new DomainError('unsupported', `the model cannot be explained: ${reason}`, { cause });
};
