import type { ArtifactRef } from './artifact.js';
import type { LearningTask, ModelSignature } from './manifests.js';

/** A version of a registered model: `name` (the latest), `name@3`, or `name@alias`. */
export interface GraphModel {
  model: string;
}

/** Whatever an endpoint serves when it is asked. */
export interface GraphEndpoint {
  endpoint: string;
}

/**
 * One node after the other. A step's `inputs` say where each input comes from: an output of the step before, by its name;
 * `inputs.<name>`, an input of the chain; `<node>.<name>`, an output of any step before. What is not said has the same name.
 */
export interface GraphChain {
  chain: (string | { node: string; inputs?: Record<string, string> })[];
  /** Of the chain, and where each comes from. Without: all of the last step's. */
  outputs?: Record<string, string>;
}

export const combinations = ['average', 'vote', 'each'] as const;
export type Combination = (typeof combinations)[number];

/** Several nodes on the same inputs: outputs averaged, voted on, or each given as `<node>.<output>`. */
export interface GraphEnsemble {
  ensemble: string[];
  combine: Combination;
  /** By node; 1 where none is said. Not of `each`. */
  weights?: Record<string, number>;
}

/** The node of the first condition (CEL over `parameters` and `inputs`) that holds, or the default. */
export interface GraphRoute {
  route: { when: string; node: string }[];
  default: string;
}

export type GraphNode = GraphModel | GraphEndpoint | GraphChain | GraphEnsemble | GraphRoute;

/** An inference graph as it is declared, in YAML or JSON. */
export interface InferenceGraph {
  name: string;
  nodes: Record<string, GraphNode>;
  /** The node that answers. Without: the only one that no other node uses. */
  root?: string;
}

export const graphLimits = {
  /** Characters of its text. */
  text: 64 * 1024,
  nodes: 32,
  /** Nodes within nodes. */
  depth: 8,
  /** Runs of models for one request, at the most. */
  runs: 64,
  /** Steps of a chain, nodes of an ensemble, conditions of a route. */
  parts: 16,
  /** Graphs that ask endpoints whose graphs ask endpoints. */
  hops: 4,
} as const;

/** A model of a graph, as it was when the graph was deployed. */
export interface GraphVersion {
  model: string;
  version: number;
  artifact: ArtifactRef;
}

/** The content of the artifact that stands behind an endpoint which serves a graph (`mediaTypes.inferenceGraph`). */
export interface InferenceGraphManifest {
  kind: 'inference-graph';
  /** The `InferenceGraph` as JSON text: the order of outputs counts. */
  definition: string;
  /** By node. */
  models: { [node: string]: GraphVersion };
  /** By node that asks an endpoint: what that took and gave. */
  endpoints: { [node: string]: GraphPorts };
  ports: GraphPorts;
}

/** What a node takes and gives, and what its numbers stand for. */
export interface GraphPorts {
  signature: ModelSignature;
  task: LearningTask;
  classes?: (string | number | boolean)[];
}
