import type { Datatype } from '@millrace/contracts';
import type { TensorData } from './element-readers.js';

/** Row-major. */
export interface Tensor {
  type: Datatype;
  dims: number[];
  data: TensorData;
}

export type Feeds = Record<string, Tensor>;
