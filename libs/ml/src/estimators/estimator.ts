/** One line of a fit's record. */
export interface Iteration {
  /** From 1. */
  iteration: number;
  /** The objective per row: mean loss plus penalty. */
  loss: number;
  /** Largest absolute entry of the objective's gradient per row. */
  gradient: number;
}

/** What every iterative fit understands. */
export interface FitOptions {
  /** Strength of the L2 penalty on coefficients (never on intercepts): λ/2·‖w‖² beside the summed loss. Default 1. */
  l2?: number;
  /** Default 200. */
  maxIterations?: number;
  /** Stops when a step moves no parameter by more than this, relative to the largest. Default 1e-6. */
  tolerance?: number;
  onIteration?: (iteration: Iteration) => void;
  /** Looked at often; when it turns true the fit throws MlError `aborted`. */
  signal?: { readonly aborted: boolean };
}

/** Class scores are `X·w + b`. Binary: one score, of class 1. */
export interface LogisticModel {
  kind: 'logistic';
  /** Number of classes. */
  classes: number;
  features: number;
  /** Row-major features × scores, where scores is 1 for two classes and else `classes`. */
  coefficients: Float64Array;
  /** One per score. */
  intercepts: Float64Array;
}

export interface LinearModel {
  kind: 'linear';
  features: number;
  coefficients: Float64Array;
  intercept: number;
}

export interface Fit<Model> {
  model: Model;
  iterations: number;
  converged: boolean;
  curve: Iteration[];
}
