import type { ConfiguredTensor, ServedModelConfig, TensorSpec } from '@millrace/contracts';
import type { ModelInterface } from '../protocol/model-interface.js';

/** A model as Triton's configuration says it. */
export const modelConfig = (
  name: string,
  { signature, batchable }: ModelInterface,
  maxBatchRows: number,
): ServedModelConfig => ({
  name,
  platform: 'onnxruntime_onnx',
  backend: 'onnxruntime',
  max_batch_size: batchable ? maxBatchRows : 0,
  input: signature.inputs.map((spec) => toConfigured(spec, batchable)),
  output: signature.outputs.map((spec) => toConfigured(spec, batchable)),
  ...(batchable ? { dynamic_batching: { max_queue_delay_microseconds: 0 } } : {}),
});

const toConfigured = ({ name, datatype, shape }: TensorSpec, batchable: boolean): ConfiguredTensor => {
  const data_type = `TYPE_${datatype === 'BYTES' ? 'STRING' : datatype}`;
  const dims = batchable ? shape.slice(1) : shape;
  return dims.length > 0 ? { name, data_type, dims } : { name, data_type, dims: [1], reshape: { shape: [] } };
};
