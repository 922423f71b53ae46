import type { ModelSignature } from '@millrace/contracts';
import type { Tensor } from '../tensor/tensor.js';

/** A model that can be asked, wherever it is. */
export interface RunnableModel {
  readonly signature: ModelSignature;
  /**
   * All outputs for `feeds`, which are checked first.
   * @throws InvalidRequest that names the wrong inputs; DomainError `internal` when the runtime fails
   */
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
}
