export type {
  CompiledChain,
  CompiledEnsemble,
  CompiledLeaf,
  CompiledNode,
  CompiledRoute,
  From,
} from './compiled.js';
export { compileGraph } from './compile-graph.js';
export { InvalidGraph } from './invalid-graph.js';
export { readGraph, type GraphDraft } from './read-graph.js';
