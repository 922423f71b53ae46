import type { ASTNode } from '@marcbachmann/cel-js';
import { CelError } from './cel-error.js';
import { isNode } from './cel-names.js';

/** Of one evaluation: nodes visited, items and characters that came of them. Some tenths of a second at the most. */
export const maxWork = 300_000;

/** What may still be spent. Evaluations that belong together, such as one for each row of a request, share it. */
export interface Work {
  left: number;
}

/** Counts work; beyond the bound it throws. */
export class Meter {
  #work: Work = { left: 0 };

  readonly spend = (units: number): void => {
    this.#work.left -= units;
    if (this.#work.left < 0) throw new CelError('takes too much work');
  };

  begin(work: Work = { left: maxWork }): void {
    this.#work = work;
  }

  /** A value as large as it is: items of items too, so that what compares or copies it is paid for. */
  weigh(value: unknown): void {
    if (typeof value === 'string') return this.spend(value.length >> 6);
    if (typeof value !== 'object' || value === null) return;
    const items = Array.isArray(value)
      ? value
      : value instanceof Map
        ? [...value.values()]
        : Object.values(value);
    this.spend(items.length);
    for (const item of items) this.weigh(item);
  }
}

type Evaluate = (this: unknown, evaluator: unknown, node: unknown, context: unknown) => unknown;
interface Evaluated {
  evaluate: Evaluate;
  meta?: { alternate?: unknown; macro?: unknown };
}

/** Operations that look at all of a list or a text, not only at its place. */
const deep = new Set(['==', '!=', 'in', '+', 'call', 'rcall']);

const childrenOf = (value: unknown): ASTNode[] => {
  if (isNode(value)) return [value];
  if (Array.isArray(value)) return value.flatMap(childrenOf);
  // A loop keeps its parts under names.
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.values(value).flatMap(childrenOf);
  return [];
};

/**
 * Lets every node of a parsed expression pay for what it does. The library has no such bound of its own; a node
 * evaluates by a method that it sets on itself, so that is where the meter sits. Its version is pinned, and specs prove
 * that nothing escapes.
 */
export const putMeter = (root: ASTNode, meter: Meter): void => {
  const seen = new Set<unknown>();
  const visit = (node: ASTNode, weighed: boolean): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const evaluated = node as unknown as Evaluated;
    let inner = evaluated.evaluate;
    const metered: Evaluate = function (evaluator, self, context) {
      meter.spend(1);
      const value = inner.call(this, evaluator, self, context);
      if (weighed) meter.weigh(value);
      return value;
    };
    Object.defineProperty(node, 'evaluate', {
      get: () => metered,
      set: (next: Evaluate) => {
        if (next !== metered) inner = next;
      },
    });
    const children = [node.args, evaluated.meta?.alternate, evaluated.meta?.macro].flatMap(childrenOf);
    for (const child of children) visit(child, deep.has(node.op));
  };
  visit(root, false);
};
