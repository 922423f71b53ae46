import type { Combination, GraphPorts } from '@millrace/contracts';
import type { Cel } from '../cel/cel.js';

/** Where a tensor comes from: an input of the chain (−1), or an output of one of its steps. */
export interface From {
  step: number;
  name: string;
}

interface Compiled {
  name: string;
  ports: GraphPorts;
}

/** A model or an endpoint. */
export interface CompiledLeaf extends Compiled {
  kind: 'leaf';
}

export interface CompiledChain extends Compiled {
  kind: 'chain';
  steps: { node: CompiledNode; inputs: ReadonlyMap<string, From> }[];
  outputs: ReadonlyMap<string, From>;
}

export interface CompiledEnsemble extends Compiled {
  kind: 'ensemble';
  combine: Combination;
  members: { node: CompiledNode; weight: number }[];
  /** The averaged `probabilities` decide about this output. */
  label?: string;
}

export interface CompiledRoute extends Compiled {
  kind: 'route';
  cases: { when: Cel; node: CompiledNode }[];
  otherwise: CompiledNode;
  /** Inputs that conditions read: the rows of a request may go different ways then. */
  reads: readonly string[];
}

/** A node with what it takes and gives, checked. */
export type CompiledNode = CompiledLeaf | CompiledChain | CompiledEnsemble | CompiledRoute;
