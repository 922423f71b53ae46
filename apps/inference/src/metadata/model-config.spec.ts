import { compileInterface } from '../protocol/model-interface.js';
import { modelConfig } from './model-config.js';

it('says rows as batches, and a tensor of rows alone by a reshape', () => {
  const model = compileInterface({
    inputs: [
      { name: 'x', datatype: 'FP32', shape: [-1, 4] },
      { name: 's', datatype: 'BYTES', shape: [-1, 1] },
    ],
    outputs: [{ name: 'label', datatype: 'INT64', shape: [-1] }],
  });
  expect(modelConfig('m', model, 64)).toEqual({
    name: 'm',
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    max_batch_size: 64,
    input: [
      { name: 'x', data_type: 'TYPE_FP32', dims: [4] },
      { name: 's', data_type: 'TYPE_STRING', dims: [1] },
    ],
    output: [{ name: 'label', data_type: 'TYPE_INT64', dims: [1], reshape: { shape: [] } }],
    dynamic_batching: { max_queue_delay_microseconds: 0 },
  });
});

it('says the whole shape of a model without rows', () => {
  const model = compileInterface({
    inputs: [{ name: 'x', datatype: 'BOOL', shape: [2, -1] }],
    outputs: [{ name: 'y', datatype: 'FP16', shape: [2] }],
  });
  expect(modelConfig('m', model, 64)).toMatchObject({
    max_batch_size: 0,
    input: [{ name: 'x', data_type: 'TYPE_BOOL', dims: [2, -1] }],
    output: [{ name: 'y', data_type: 'TYPE_FP16', dims: [2] }],
  });
});
