import type { TensorSpec } from '@millrace/contracts';
import { cannotExplain, explainLimits } from './explainer.js';
import { nodesBefore, type GraphParts, type NodePart } from './graph-parts.js';
import { attributesOf } from './node-attributes.js';

/** Neighbouring features that come from one raw column: one, or as many as `tensor` is wide. */
export interface FeatureRun {
  column: number;
  tensor?: string;
}

/** Operators that treat each element for itself, so that features stay in their places. */
const elementwise = new Set(
  `Abs Add And Cast Ceil Clip Div Equal Erf Exp Floor Greater GreaterOrEqual Identity Imputer IsInf IsNaN Less
   LessOrEqual Log Max Min Mul Neg Not Or Pow Reciprocal Relu Round Scaler Sigmoid Sign Sqrt Sub Sum Tanh Where`.split(
    /\s+/,
  ),
);

/** Raw columns of a model: one for each element of each row of each input. @throws DomainError `unsupported` */
export const rawColumns = (
  inputs: readonly TensorSpec[],
): { names: string[]; first: Map<string, number> } => {
  const names: string[] = [];
  const first = new Map<string, number>();
  for (const { name, shape } of inputs) {
    first.set(name, names.length);
    const width =
      widthOf(shape) ?? cannotExplain(`input '${name}' has shape [${shape.join(', ')}], not [-1, columns]`);
    if (names.length + width > explainLimits.columns)
      cannotExplain(`it has more than ${explainLimits.columns} columns`);
    for (let i = 0; i < width; i++) names.push(width === 1 ? name : `${name}[${i}]`);
  }
  return { names, first };
};

const widthOf = ([rows, width = 1, ...rest]: readonly number[]): number | undefined =>
  rows === -1 && width >= 1 && rest.length === 0 ? width : undefined;

/** Where features come from, or why that cannot be said; undefined: from constants alone. */
type Origin = FeatureRun[] | { mixedBy: string } | undefined;

/**
 * Which raw column each feature in `tensor` comes from.
 * @throws DomainError `unsupported` where one comes from several
 */
export const featureColumns = (parts: GraphParts, tensor: string): FeatureRun[] => {
  const { first } = rawColumns(parts.inputs);
  const origins = new Map<string, Origin>();
  for (const { name, shape } of parts.inputs)
    origins.set(
      name,
      Array.from({ length: widthOf(shape)! }, (_, i) => ({ column: first.get(name)! + i })),
    );
  const nodes = nodesBefore(parts, [tensor]);
  if (nodes.length > explainLimits.graphNodes)
    cannotExplain(`it has more than ${explainLimits.graphNodes} nodes`);
  for (const node of nodes)
    for (const output of node.outputs) origins.set(output, originOf(node, output, origins));
  const origin = origins.get(tensor);
  if (origin && 'mixedBy' in origin) cannotExplain(`${origin.mixedBy} makes a feature of several columns`);
  return (origin as FeatureRun[] | undefined) ?? cannotExplain('its features come from no column');
};

const originOf = (node: NodePart, output: string, origins: ReadonlyMap<string, Origin>): Origin => {
  const known = node.inputs.map((input) => origins.get(input));
  const varying = known.filter((origin) => origin !== undefined);
  if (varying.length === 0) return undefined;
  const runs: FeatureRun[][] = [];
  for (const origin of varying) {
    if ('mixedBy' in origin) return origin;
    runs.push(origin);
  }
  const mixed = { mixedBy: node.op };
  if (joins(node)) {
    if (varying.length < known.length) return mixed;
    return runs.reduce((sum, { length }) => sum + length, 0) > explainLimits.columns ? mixed : runs.flat();
  }
  const [first, ...others] = runs as [FeatureRun[], ...FeatureRun[][]];
  const { column } = first[0]!;
  if (runs.every((run) => run.every((feature) => feature.column === column)))
    return [{ column, tensor: output }];
  const same = others.every((other) => isSame(first, other));
  return same && elementwise.has(node.op) ? first : mixed;
};

const joins = ({ op, message }: NodePart): boolean => {
  if (op === 'FeatureVectorizer') return true;
  // Negative integers are read as what they are on the wire: large.
  return op === 'Concat' && attributesOf(message).ints.get('axis')?.[0] !== 0;
};

/** One column alone may be spread over several: how wide it is then, only its tensor says. */
const isSame = (a: FeatureRun[], b: FeatureRun[]): boolean =>
  a.length === b.length && a.every(({ column }, i) => column === b[i]!.column);
