import type { Datatype } from '@millrace/contracts';
import onnxProto from 'onnx-proto';

const { ModelProto, TensorProto } = onnxProto.onnx;
const { DataType } = TensorProto;

const elementTypes: Readonly<Record<Datatype, number>> = {
  BOOL: DataType.BOOL,
  UINT8: DataType.UINT8,
  UINT16: DataType.UINT16,
  UINT32: DataType.UINT32,
  UINT64: DataType.UINT64,
  INT8: DataType.INT8,
  INT16: DataType.INT16,
  INT32: DataType.INT32,
  INT64: DataType.INT64,
  FP16: DataType.FLOAT16,
  FP32: DataType.FLOAT,
  FP64: DataType.DOUBLE,
  BYTES: DataType.STRING,
};

export interface Port {
  name: string;
  datatype: Datatype;
  /** Elements of one row. */
  width: number;
}

export interface Step {
  op: string;
  inputs: string[];
  output: string;
}

/** Every tensor is of any number of rows. */
export interface Graph {
  inputs: readonly Port[];
  steps: readonly Step[];
  outputs: readonly Port[];
}

const valueOf = ({ name, datatype, width }: Port) => ({
  name,
  type: {
    tensorType: {
      elemType: elementTypes[datatype],
      shape: { dim: [{ dimParam: 'N' }, { dimValue: width }] },
    },
  },
});

/** The graph as an ONNX file, which any server of the protocol can load. */
export const onnxFile = (name: string, { inputs, steps, outputs }: Graph): Uint8Array =>
  ModelProto.encode({
    irVersion: 8,
    producerName: 'millrace',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name,
      node: steps.map(({ op, inputs: input, output }) => ({ opType: op, input, output: [output] })),
      input: inputs.map(valueOf),
      output: outputs.map(valueOf),
    },
  }).finish();
